import { domainToASCII } from 'node:url'

const isAscii = /^[\x20-\x7e]*$/

/** The one form in which two spellings of an address are the same recipient. */
export function recipientForm(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 0) return address
  const domain = address.slice(at + 1)
  const ascii = isAscii.test(domain) ? domain : domainToASCII(domain) || domain
  return `${address.slice(0, at).normalize('NFC')}@${ascii.toLowerCase()}`
}
