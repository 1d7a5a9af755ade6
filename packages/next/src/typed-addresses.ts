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
  const input = typed.map(comparable).join('\n')
  const own = new Set(trusted.flatMap(addressesIn))
  const cameFromInput = (value: unknown) =>
    addressesIn(value).filter((address) => !own.has(address) && input.includes(address))
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
        'must not come from the form, unless allowInputRecipients says so',
        'ERR_MAILGUN_INVALID_MESSAGE',
      )
    }
  }
  const senders = { from: message.from, sender: message.sender, 'envelope.from': envelope?.from }
  for (const [path, value] of Object.entries(senders)) {
    if (cameFromInput(value).length > 0) {
      throw new InvalidOptionError(
        path,
        'must not come from the form: put the visitor into replyTo',
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

/**
 * Whatever looks like an address in a field; more than will be one is on the safe side.
 */
function addressesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn)
  if (typeof value === 'object' && value !== null) return addressesIn(Reflect.get(value, 'address'))
  return typeof value === 'string'
    ? (comparable(value).match(/[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\]+/g) ?? [])
    : []
}

function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
