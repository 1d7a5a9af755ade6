import { addressParser } from 'postal-mime'

/** In lower case; empty for an address without one. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1 || address.length).toLowerCase()
}

export function localPartOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? address : address.slice(0, at)
}

/** The first address of a header such as From, without the display name. */
export function firstAddress(field: string): string | undefined {
  return addressParser(field, { flatten: true }).find(({ address }) => address)?.address
}
