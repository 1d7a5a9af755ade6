import { Unreadable } from './codecs.ts'
import { decodeEncodedWords } from './encoded-words.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import { linesOf, maxLineLength, unfold, type Folded } from './fold.ts'
import { entriesOf, rowOf } from './merge.ts'
import type { MailgunOptionName, MailgunOptions } from './options.ts'
import { registry } from './registry.ts'

/** A header value that nodemailer writes as it is. */
export interface PreparedHeader {
  readonly prepared: true
  readonly value: string
}

/**
 * The `X-Mailgun-` header fields of the options, as nodemailer's `headers` takes them.
 *
 * @throws {InvalidOptionError} for an unknown option, a value of the wrong kind or format, or what no header can carry.
 */
export function buildHeaders(options: MailgunOptions): Record<string, PreparedHeader[]> {
  const headers: Record<string, PreparedHeader[]> = {}
  for (const { option, value, row } of entriesOf(options)) {
    if (value === null) continue
    const fields = row.codec
      .write(value, option, firstIndent(row.header))
      .map((field) => prepare(option, row.header, field))
    if (fields.length > 0) headers[row.header] = fields
  }
  return headers
}

/**
 * Folds a value and checks the lines: `prepared` skips nodemailer's cleaning, so this check is what keeps a value from
 * becoming a header of its own, whatever its codec wrote.
 *
 * @throws {InvalidOptionError} for a line that no header may have.
 */
export function prepare(option: string, header: string, field: string | Folded): PreparedHeader {
  const folded = typeof field === 'string' ? { text: field, folds: [] } : field
  // Before it is folded: the only line breaks are those that a fold makes.
  if (!/^[\x20-\x7e]*$/.test(folded.text)) {
    throw new InvalidOptionError(option, 'must be printable ASCII without line breaks')
  }
  const lines = linesOf(folded)
  const indentOf = (index: number): number => (index === 0 ? firstIndent(header) : 1)
  if (lines.some(({ length }, index) => indentOf(index) + length > maxLineLength)) {
    throw new InvalidOptionError(option, 'is too long for one header line')
  }
  return { prepared: true, value: lines.join('\r\n ') }
}

/** How many characters come before a field's value on its first line. */
function firstIndent(header: string): number {
  return `${header}: `.length
}

/** A received `X-Mailgun-` field that has no meaning as an option. */
export interface HeaderProblem {
  readonly code: 'unknown-header' | 'unreadable-value'
  /** The field's name, as received. */
  readonly header: string
  /** The option it would have set. */
  readonly option?: MailgunOptionName
  /** What is wrong, without the value. */
  readonly message: string
}

const optionByHeader = new Map(
  Object.entries(registry).map(([option, { header }]) => [
    header.toLowerCase(),
    option as MailgunOptionName,
  ]),
)

/**
 * The options of a message, from its header fields as received. Folded values, values made wholly of encoded words,
 * `yes`/`no` and `true`/`false` read alike.
 *
 * @param onProblem Told of each field that has no meaning; that field sets no option.
 * @throws {InvalidOptionError} for a value that cannot be read, if there is no `onProblem`.
 */
export function parseHeaders(
  fields: Iterable<readonly [name: string, value: string]>,
  onProblem?: (problem: HeaderProblem) => void,
): MailgunOptions {
  const received = new Map<MailgunOptionName, { header: string; values: string[] }>()
  for (const [name, value] of fields) {
    const header = name.trim()
    if (!/^x-mailgun-/i.test(header)) continue
    const option = optionByHeader.get(header.toLowerCase())
    if (!option) {
      onProblem?.({
        code: 'unknown-header',
        header,
        message: 'is not an option that Mailgun documents',
      })
      continue
    }
    const entry = received.get(option) ?? { header, values: [] }
    entry.values.push(decodeEncodedWords(unfold(value)))
    received.set(option, entry)
  }

  const options: { [Name in MailgunOptionName]?: unknown } = {}
  for (const [option, { header, values }] of received) {
    try {
      options[option] = rowOf(option)?.codec.read(values)
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      if (!onProblem) throw new InvalidOptionError(option, error.message)
      onProblem({ code: 'unreadable-value', header, option, message: error.message })
    }
  }
  // Each codec reads its own option's type.
  return options as MailgunOptions
}

/** One option and the names it has elsewhere. */
export interface MailgunHeader {
  readonly option: MailgunOptionName
  readonly header: string
  /** The same option in Mailgun's HTTP API. */
  readonly httpParameter: string
}

/** Every option with its header, in the order of the documentation. */
export const mailgunHeaders: readonly MailgunHeader[] = Object.entries(registry).map(
  ([option, { header, httpParameter }]) => ({
    option: option as MailgunOptionName,
    header,
    httpParameter,
  }),
)
