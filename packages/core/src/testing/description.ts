import { inspect } from 'node:util'
import { mailgunHeaders } from '../options/header-fields.ts'
import { isPlainObject } from '../options/json.ts'
import { differences, type MailCondition } from './filter.ts'
import { isAsymmetric } from './fit.ts'
import { recipientsOf, submissionOf, type CapturedMail } from './mail.ts'

/** What a failure is about: lines of the description, each with what was wanted there, if that helps. */
export type Marks = ReadonlyMap<string, string | undefined>

/** A mail field by field: what it is and each option it sets, the lines in question marked. */
export function describeMail(
  mail: CapturedMail,
  marks: Marks,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const { options } = submissionOf(mail)
  const lines = new Map<string, string>([
    ['from', mail.from],
    ['to', recipientsOf(mail).join(', ')],
    ['subject', mail.subject],
    ['messageId', mail.messageId],
  ])
  if (mail.state !== undefined) lines.set('state', mail.state)
  for (const { option } of mailgunHeaders) {
    const value = options[option]
    if (value !== undefined || marks.has(option)) lines.set(option, show(value))
  }
  for (const [name, value] of Object.entries(more)) lines.set(name, show(value))
  const width = Math.max(...[...lines.keys()].map((name) => name.length))
  return [...lines]
    .map(([name, value]) => {
      const wanted = marks.get(name)
      const mark = marks.has(name) ? '✗' : ' '
      const indented = shortened(value).replaceAll('\n', `\n${' '.repeat(width + 4)}`)
      return `${mark} ${name.padEnd(width)}  ${indented}${wanted === undefined ? '' : `   not ${wanted}`}`
    })
    .join('\n')
}

/** The mail with the fewest differences, of several the newest, shown field by field. */
export function describeNearest<Mail extends CapturedMail>(
  mails: readonly Mail[],
  condition: MailCondition<Mail>,
): string {
  const [nearest] = mails
    .toReversed()
    .map((mail) => ({ mail, found: differences(mail, condition) }))
    .toSorted((one, other) => one.found.size - other.found.size)
  if (!nearest) return 'No mail is there.'
  const count =
    mails.length === 1 ? 'One mail is there:' : `${mails.length} mails are there, the nearest:`
  return `${count}\n\n${describeMail(nearest.mail, nearest.found)}`
}

/** Mails in a line each, the newest last. */
export function listMails(mails: readonly CapturedMail[]): string {
  const newest = mails.slice(-10)
  const lines = newest.map(
    (mail) => `  '${mail.subject}' to ${shortened(recipientsOf(mail).join(', '))}`,
  )
  const omitted = mails.length - newest.length
  return [...(omitted > 0 ? [`  … and ${omitted} before:`] : []), ...lines].join('\n')
}

/** What was expected, in one line. */
export function quoted(expected: unknown): string {
  return inspect(named(expected), { depth: 8, breakLength: Infinity, compact: true })
}

/** The value with the names of `expect.any` and its like in their places. */
function named(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(named)
  if (isAsymmetric(expected)) {
    const name = expected.toAsymmetricMatcher?.() ?? String(expected)
    return { [inspect.custom]: () => name }
  }
  if (!isPlainObject(expected)) return expected
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, named(value)]))
}

function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return 'not set'
  return inspect(value, { depth: 6, breakLength: 100, compact: 4 })
}

function shortened(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text
}
