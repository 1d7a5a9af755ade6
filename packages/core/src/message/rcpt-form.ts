import { domainToASCII, domainToUnicode } from 'node:url'

const isAscii = /^[\x20-\x7e]*$/

/**
 * An address as nodemailer writes it in RCPT, by which Mailgun finds a recipient's variables: the domain in ASCII and
 * lower case, unless the local part is beyond ASCII (RFC 6531 §3.2).
 */
export function rcptForm(address: string): string {
  const at = address.lastIndexOf('@')
  // A key of variables that is not an address: it is written as it is.
  if (at < 0) return address
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  return `${local}@${rcptDomain(domain, local)}`
}

function rcptDomain(domain: string, local: string): string {
  if (isAscii.test(domain) && isAscii.test(local)) return domain.toLowerCase()
  const ascii = domainToASCII(domain)
  return (isAscii.test(local) ? ascii : domainToUnicode(ascii)) || domain.toLowerCase()
}
