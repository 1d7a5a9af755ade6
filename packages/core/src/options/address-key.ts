/**
 * An address in a form to compare by: the domain in ASCII and lower case, as servers compare it. Local parts keep
 * their case (RFC 5321 §2.4).
 */
export function addressKey(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  return address.slice(0, at + 1) + asciiDomain(domain)
}

/** The domain in ASCII (IDNA), in lower case; as it is, in lower case, if it is not a domain. */
export function asciiDomain(domain: string): string {
  if (/^[\w.-]*$/.test(domain) || domain.length > 1000) return domain.toLowerCase()
  const url = `http://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : domain.toLowerCase()
}
