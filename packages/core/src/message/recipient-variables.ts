import { addressKey } from '../options/address-key.ts'
import { isPlainObject } from '../options/json.ts'
import type { JsonObject, RecipientVariables } from '../options/options.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import type { Mailbox } from './address.ts'
import { rcptForm } from './rcpt-form.ts'

/**
 * The variable in which a recipient's display name travels. Over SMTP nothing else carries it: RCPT has no name, and a
 * copy's To field is made from one template for all (facts on Mailgun's SMTP, "Predefined variables").
 */
export const nameVariable = 'recipient_name'

/**
 * Recipient variables under the addresses of RCPT, which is where Mailgun looks, with each recipient's display name in
 * {@link nameVariable}, unless the caller set that variable.
 *
 * @throws {InvalidOptionError} if two keys are one address.
 */
export function addressedVariables(
  variables: RecipientVariables,
  recipients: readonly Mailbox[],
): RecipientVariables {
  const keyed = inRcptForm(variables, recipients)
  if (!recipients.some(({ name }) => name !== '')) return keyed
  const named = Object.assign(Object.create(null), keyed) as Record<string, JsonObject>
  for (const { name, address } of recipients) {
    const key = rcptForm(address)
    const own: unknown = named[key]
    // What is not an object is left to the builder of the header, which refuses it by its path.
    if (own !== undefined && !isPlainObject(own)) continue
    // Every copy needs the variable: a placeholder without one is left as it is.
    if (!own?.[nameVariable]) named[key] = { ...named[key], [nameVariable]: shownName(name) }
  }
  return named
}

/** Whether the copies show names. */
export function hasNames(variables: RecipientVariables): boolean {
  for (const address in variables) {
    const own = variables[address]
    if (isPlainObject(own) && typeof own[nameVariable] === 'string' && own[nameVariable] !== '') {
      return true
    }
  }
  return false
}

/** Longer names fit in no header line beside their address, and no reader shows them. */
const longestName = 255

/** A name without what would end the quotes that it is put between, and no longer than a header can show. */
export function shownName(name: string): string {
  return Array.from(name.replace(/[\\"]/g, '')).slice(0, longestName).join('')
}

function inRcptForm(
  variables: RecipientVariables,
  recipients: readonly Mailbox[],
): RecipientVariables {
  const entries = Object.entries(variables)
  const exact = new Set(recipients.map(({ address }) => rcptForm(address)))
  if (entries.every(([key]) => exact.has(key))) return variables
  const byCase = new Map<string, string | undefined>()
  for (const address of exact) {
    const folded = addressKey(address).toLowerCase()
    // Two recipients that differ in case only are told apart by case only.
    byCase.set(folded, byCase.has(folded) ? undefined : address)
  }
  const result = Object.create(null) as Record<string, JsonObject>
  for (const [index, [key, own]] of entries.entries()) {
    const form = rcptForm(key)
    const address = exact.has(form) ? form : (byCase.get(addressKey(key).toLowerCase()) ?? form)
    if (Object.hasOwn(result, address)) {
      throw new InvalidOptionError(
        `recipientVariables[${index}]`,
        'is the address of another key: write each recipient once',
      )
    }
    result[address] = own
  }
  return result
}
