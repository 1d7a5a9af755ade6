import { isIP, isIPv6 } from 'node:net'

/** Longer than any address with its port, its brackets and the name of an interface. */
const maxLength = 100

/**
 * The visitor's IP address as the nearest trusted proxy saw it; for IPv6, the /64 network that one subscriber has.
 * `undefined` for what is not an IP address.
 */
export function ipAddressOf(headers: Headers, trustedHops: number = 1): string | undefined {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',')
  const hop = hops[hops.length - trustedHops]?.trim() ?? ''
  if (hop.length > maxLength) return undefined
  // Some proxies write the port too, which changes with each connection.
  const address = hop.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  if (isIPv6(address)) return network64(address)
  return isIP(address) ? address : undefined
}

function network64(address: string): string {
  // URL writes an IPv6 address in its one canonical form (RFC 5952), in brackets and without a zone.
  const canonical = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  // ::ffff:a.b.c.d is an IPv4 address; the /64 network around it holds all of them.
  if (canonical.startsWith('::ffff:')) return canonical
  return `${groups.slice(0, 4).join(':')}::/64`
}
