import { addressParser } from 'postal-mime'

/** In lower case; empty for an address without one. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1 || address.length).toLowerCase()
}

export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? address : address.slice(0, at)
}

/** Room for Mailgun's 1,000 recipients with their names; what is beyond is not read. */
const readCharacters = 100_000

/** The mailboxes of a header such as To, those of groups among them. */
export function addressesIn(field: string): readonly Mailbox[] {
  return addressParser(field.slice(0, readCharacters), { flatten: true }).map(
    ({ name, address = '' }) => ({ name, address }),
  )
}

/** A display name and an address; each is empty if there is none. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

/** The first address of a header such as From, without the display name. */
export function firstAddress(field: string): string | undefined {
  return addressesIn(field).find(({ address }) => address)?.address
}
