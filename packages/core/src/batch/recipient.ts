import { domainToASCII, domainToUnicode } from 'node:url'
import { readMailbox, type Mailbox } from '../message/address.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import { isPlainObject, propertyPath, writeJson } from '../options/json.ts'
import { invalid } from '../message/message.ts'
import type { JsonObject } from '../options/options.ts'

/** One recipient of a batch. */
export interface BatchRecipient {
  /** A plain address, without a name. */
  readonly to: string
  /** What `%recipient.key%` becomes in this copy: strings, numbers and booleans. `null` and `undefined` become nothing. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

/** A recipient that can be sent to. */
export interface Addressee {
  /** Exactly as RCPT will say it: Mailgun finds the variables by it. */
  readonly address: string
  readonly variables: JsonObject
  /** Its entry in the header, without blanks: what is measured, and what tells one source from another. */
  readonly json: string
}

/** A recipient as it came, in its place in the source. */
export interface Row {
  readonly index: number
  /** As given; empty if it was not a string. */
  readonly to: string
  readonly addressee?: Addressee
  /** Why nothing can be sent to it. */
  readonly error?: InvalidOptionError
}

/** Reads one recipient. One that is wrong is kept with its error, so that it does not cost the others their mail. */
export function readRow(value: unknown, index: number, inHeader: ReadonlySet<string>): Row {
  const given: unknown = Reflect.get(Object(value), 'to')
  const to = typeof given === 'string' ? given : ''
  try {
    return { index, to, addressee: readAddressee(value, `recipients[${index}]`, inHeader) }
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    return { index, to, error }
  }
}

function readAddressee(value: unknown, path: string, inHeader: ReadonlySet<string>): Addressee {
  if (typeof value !== 'object' || value === null) throw invalid(path, 'must be { to, variables }')
  const address = readAddress(Reflect.get(value, 'to'), `${path}.to`)
  const variables = readVariables(Reflect.get(value, 'variables'), `${path}.variables`, inHeader)
  const entry = writeJson({ [address]: variables }, path, () => `${path}.variables`)
  return { address, variables, json: entry.text.slice(1, -1) }
}

function readAddress(value: unknown, path: string): string {
  const mailbox = typeof value === 'string' ? tryMailbox(value) : undefined
  if (!mailbox || mailbox.name !== '') {
    throw invalid(path, 'must be one plain address without a name, such as ada@example.com')
  }
  const { address } = mailbox
  const at = address.lastIndexOf('@')
  return address.slice(0, at + 1) + readDomain(address.slice(at + 1), address.slice(0, at))
}

function tryMailbox(text: string): Mailbox | undefined {
  try {
    return readMailbox(text, 'to')
  } catch (error) {
    if (error instanceof InvalidOptionError) return undefined
    throw error
  }
}

/** The domain as nodemailer writes it in RCPT: in ASCII, unless the local part is beyond it. */
function readDomain(domain: string, local: string): string {
  const isAscii = /^[\x20-\x7e]*$/
  if (isAscii.test(domain) && isAscii.test(local)) return domain.toLowerCase()
  const ascii = domainToASCII(domain)
  return (isAscii.test(local) ? ascii : domainToUnicode(ascii)) || domain.toLowerCase()
}

function readVariables(value: unknown, path: string, inHeader: ReadonlySet<string>): JsonObject {
  if (value === undefined || value === null) return {}
  if (!isPlainObject(value)) throw new InvalidOptionError(path, 'must be a plain object')
  const read = Object.entries(value).flatMap(([name, variable], index) => {
    // Mailgun would leave the placeholder of a null; like a missing one, it is filled.
    if (variable === undefined || variable === null) return []
    const place = propertyPath(path, name, index)
    if (!['string', 'number', 'boolean'].includes(typeof variable)) {
      throw new InvalidOptionError(
        place,
        'must be a text, a number or a boolean: Mailgun puts in nothing else',
      )
    }
    if (typeof variable === 'string' && inHeader.has(name) && /[\r\n]/.test(variable)) {
      throw new InvalidOptionError(
        place,
        'must not hold line breaks: the message puts it in a header',
      )
    }
    return [[name, variable as string | number | boolean] as const]
  })
  return Object.fromEntries(read)
}
