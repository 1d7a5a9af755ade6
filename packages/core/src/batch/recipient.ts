import { readMailbox } from '../message/address.ts'
import { invalid } from '../message/invalid-message.ts'
import { rcptForm } from '../message/rcpt-form.ts'
import { brokenRule } from '../message/sealed-variables.ts'
import type { UsedVariables } from './placeholders.ts'
import { nameVariable, shownName } from '../message/recipient-variables.ts'
import { isPlainObject, propertyPath, writeJson } from '../options/json.ts'
import type { JsonObject } from '../options/options.ts'
import { InvalidOptionError } from '../outcome/errors.ts'

/** One recipient of a batch. */
export interface BatchRecipient {
  /** One mailbox: `ada@example.com`, `Ada Lovelace <ada@example.com>` or `{ name, address }`. */
  readonly to: string | { readonly name?: string | undefined; readonly address: string }
  /** What `%recipient.key%` becomes in this copy: strings, numbers and booleans. `null` and `undefined` become nothing. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

/** A recipient that can be sent to. */
export interface Addressee {
  /** The name that the copy's To field shows; empty if there is none. */
  readonly name: string
  /** Exactly as RCPT will say it: Mailgun finds the variables by it. */
  readonly address: string
  readonly variables: JsonObject
  /** Its entry in the header, without blanks: what is measured, and what tells one source from another. */
  readonly json: string
}

/** A recipient as it came, in its place in the source. */
export interface Row {
  readonly index: number
  /** As given, or the address of what was given; empty if there is none. */
  readonly to: string
  readonly addressee?: Addressee
  /** Why nothing can be sent to it. */
  readonly error?: InvalidOptionError
}

/** Reads one recipient. One that is wrong is kept with its error, so that it does not cost the others their mail. */
export function readRow(value: unknown, index: number, inHeader: UsedVariables['inHeader']): Row {
  const given: unknown = Reflect.get(Object(value), 'to')
  const address: unknown = Reflect.get(Object(given), 'address')
  const to = typeof given === 'string' ? given : typeof address === 'string' ? address : ''
  try {
    return { index, to, addressee: readAddressee(value, `recipients[${index}]`, inHeader) }
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    return { index, to, error }
  }
}

function readAddressee(
  value: unknown,
  path: string,
  inHeader: UsedVariables['inHeader'],
): Addressee {
  if (typeof value !== 'object' || value === null) throw invalid(path, 'must be { to, variables }')
  const { name, address: given } = readMailbox(Reflect.get(value, 'to'), `${path}.to`)
  const address = rcptForm(given)
  const own = readVariables(Reflect.get(value, 'variables'), `${path}.variables`, inHeader)
  const isNamed = name !== '' && !Object.hasOwn(own, nameVariable)
  const variables = isNamed ? { ...own, [nameVariable]: shownName(name) } : own
  const entry = writeJson({ [address]: variables }, path, () => `${path}.variables`)
  return { name, address, variables, json: entry.text.slice(1, -1) }
}

function readVariables(
  value: unknown,
  path: string,
  inHeader: UsedVariables['inHeader'],
): JsonObject {
  if (value === undefined || value === null) return {}
  if (!isPlainObject(value)) throw new InvalidOptionError(path, 'must be a plain object')
  const read = Object.entries(value).flatMap(([name, variable], index) => {
    // Mailgun would leave the placeholder of a null; like a missing one, it is filled.
    if (variable === undefined || variable === null) return []
    const place = propertyPath(path, name, index)
    if (!['string', 'number', 'boolean'].includes(typeof variable)) {
      throw new InvalidOptionError(
        place,
        'must be a string, a number or a boolean: Mailgun puts in no other values',
      )
    }
    const broken = brokenRule(variable, inHeader.get(name) ?? [])
    if (broken !== undefined) throw new InvalidOptionError(place, broken)
    return [[name, variable as string | number | boolean] as const]
  })
  return Object.fromEntries(read)
}
