import { isIPv6 } from 'node:net'

/** The visitor's address as the nearest trusted proxy saw it; of IPv6, the network that one subscriber has. */
export function ipAddressOf(headers: Headers, trustedHops: number = 1): string | undefined {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const hop = hops[hops.length - trustedHops]
  if (!hop) return undefined
  // Some proxies write the port too, which changes with each connection.
  const address = hop.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  return isIPv6(address) ? network64(address) : address
}

function network64(address: string): string {
  // URL writes an IPv6 address in its one canonical form (RFC 5952), in brackets and without a zone.
  const canonical = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  // ::ffff:a.b.c.d is an IPv4 address; its network would be everybody's.
  if (canonical.startsWith('::ffff:')) return canonical
  return `${groups.slice(0, 4).join(':')}::/64`
}
