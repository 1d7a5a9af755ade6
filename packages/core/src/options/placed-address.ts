import { addressKey } from './address-key.ts'
import { type NamedAddress, mailboxesIn } from './mailboxes.ts'

/** A mailbox of a message, and where it is. */
export interface PlacedAddress extends NamedAddress {
  /** The address as it is compared: see {@link addressKey}. */
  readonly key: string
  /** Such as `to[3]`. */
  readonly path: string
}

/** The mailboxes of an address field with their places. */
export function addressesOf(field: unknown, path: string): PlacedAddress[] {
  const mailboxes = mailboxesIn(field)
  return mailboxes.map((mailbox, index) => ({
    ...mailbox,
    key: addressKey(mailbox.address),
    path: mailboxes.length > 1 || Array.isArray(field) ? `${path}[${index}]` : path,
  }))
}
