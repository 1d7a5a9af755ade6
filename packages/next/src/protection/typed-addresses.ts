import { domainToASCII, domainToUnicode } from 'node:url'
import { InvalidOptionError, type MailgunMessage } from '@mailgun-smtp/core'

/** Which recipients may be addresses that the visitor typed. */
export type InputRecipients = boolean | ((address: string) => boolean)

/**
 * Refuses a message whose recipients or sender come from the form: a form that mails whomever a stranger names is a
 * relay for spam. What `trusted` names is the app's own, even if a visitor typed the same address.
 *
 * @throws {InvalidOptionError} naming the field, never the address.
 */
export function refuseTypedAddresses(
  message: MailgunMessage,
  typed: readonly string[],
  trusted: readonly unknown[],
  allowed: InputRecipients = false,
): void {
  const input = new Set(typed.map(comparable))
  const joined = [...input].join('\n')
  const own = new Set(trusted.flatMap(addressesIn))
  const cameFromInput = (value: unknown) =>
    addressesIn(value).filter((address) => !own.has(address) && isTyped(address, input, joined))
  const { envelope } = message
  const recipients = {
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    'envelope.to': envelope?.to,
  }
  for (const [path, value] of Object.entries(recipients)) {
    const refused = cameFromInput(value).some((address) =>
      typeof allowed === 'function' ? !allowed(address) : !allowed,
    )
    if (refused) {
      throw new InvalidOptionError(
        path,
        "must not come from the form, unless allowInputRecipients says so; an address of your own belongs in the action's to, where a visitor may type it too",
        'ERR_MAILGUN_INVALID_MESSAGE',
      )
    }
  }
  const senders = { from: message.from, sender: message.sender, 'envelope.from': envelope?.from }
  for (const [path, value] of Object.entries(senders)) {
    if (cameFromInput(value).length > 0) {
      throw new InvalidOptionError(
        path,
        "must not come from the form: put the visitor into replyTo, and an address of your own into the action's from",
        'ERR_MAILGUN_INVALID_MESSAGE',
      )
    }
  }
}

/**
 * Refuses an `archiveTo` that was typed: every copy of the mail would go there.
 *
 * @throws {InvalidOptionError}
 */
export function refuseTypedArchive(
  archiveTo: string | null | undefined,
  typed: readonly string[],
): void {
  if (archiveTo && typed.some((text) => comparable(text).includes(comparable(archiveTo)))) {
    throw new InvalidOptionError('archiveTo', 'must not come from the form')
  }
}

/** Whether the address stands in the input, in any spelling of its domain, or is put together out of two fields. */
function isTyped(address: string, input: ReadonlySet<string>, joined: string): boolean {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  const spellings = [domain, domainToASCII(domain), domainToUnicode(domain)].filter(Boolean)
  return spellings.some(
    (spelling) =>
      joined.includes(`${local}@${spelling}`) || (input.has(local) && input.has(spelling)),
  )
}

/** Whatever looks like an address in a field; more than will be one is on the safe side. */
function addressesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn)
  if (typeof value === 'object' && value !== null) return addressesIn(Reflect.get(value, 'address'))
  if (typeof value !== 'string') return []
  const plain = value.match(/[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\]+/g) ?? []
  // With a comment or a quoted part it is an address as well (RFC 5322 §3.4.1), and no such pattern finds it.
  const whole = value.replace(/^.*<(.*)>.*$/s, '$1')
  return (/["()[\]\\]/.test(whole) ? [...plain, whole] : plain)
    .map(comparable)
    .filter((address) => address.includes('@'))
}

/** The text as an app may well have changed it on its way: without spaces and what cannot be seen, and decoded. */
function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('%40', '@')
    .replace(/[\s\p{C}]+/gu, '')
}
