import { isIPv6 } from 'node:net'
import { once } from './process-wide.ts'

/** How many mails a form may send. The counts live in this process's memory. */
export interface RateLimit {
  /** Mails of one visitor within the window. Default 5. */
  readonly limit?: number | undefined
  /** Mails of all visitors together within the window: a visitor's address can be forged. Default 60. */
  readonly global?: number | undefined
  /** Milliseconds. Default 600,000: ten minutes. */
  readonly window?: number | undefined
  /**
   * How many proxies of yours the request passes through: the visitor's address is that many from the right in
   * `X-Forwarded-For`. Default 1. With none, the address can be forged and only `global` holds.
   */
  readonly trustedHops?: number | undefined
  /** Forms that name the same bucket share its counts. Default: all forms share one. */
  readonly bucket?: string | undefined
}

/** When mails were sent, oldest first, in milliseconds. */
export interface Bucket {
  readonly byVisitor: Map<string, number[]>
  readonly all: number[]
  /** The longest window of the forms that share the bucket. */
  longestWindow: number
}

/** A bucket nobody has sent from. */
export function createBucket(): Bucket {
  return { byVisitor: new Map(), all: [], longestWindow: 0 }
}

/** The bucket of that name in this process. */
export function bucketNamed(name: string): Bucket {
  const buckets = once('rate-limits/v1', () => new Map<string, Bucket>())
  const bucket = buckets.get(name) ?? createBucket()
  buckets.set(name, bucket)
  return bucket
}

/**
 * Counts a mail at the time `now`, unless that is one too many.
 *
 * @returns How many seconds to wait, if it is; then nothing is counted.
 */
export function take(
  bucket: Bucket,
  visitor: string | undefined,
  { limit = 5, global = 60, window = 600_000 }: RateLimit,
  now: number,
): number | undefined {
  forget(bucket, window, now)
  const wait = (times: readonly number[], most: number) => {
    if (most <= 0) return Math.ceil(window / 1000)
    // The mail whose leaving the window makes room.
    const decisive = times[times.length - most] ?? -Infinity
    return Math.max(0, Math.ceil((decisive + window - now) / 1000))
  }
  const own = visitor === undefined ? [] : (bucket.byVisitor.get(visitor) ?? [])
  const seconds = Math.max(visitor === undefined ? 0 : wait(own, limit), wait(bucket.all, global))
  if (seconds > 0) return seconds
  bucket.all.push(now)
  if (visitor !== undefined) {
    // Removed and added again, so that the map stays in the order of the latest mail.
    bucket.byVisitor.delete(visitor)
    const since = now - bucket.longestWindow
    bucket.byVisitor.set(visitor, [...own.filter((time) => time > since), now])
  }
  return undefined
}

const maxVisitors = 10_000

function forget(bucket: Bucket, window: number, now: number): void {
  bucket.longestWindow = Math.max(bucket.longestWindow, window)
  const since = now - bucket.longestWindow
  const recent = bucket.all.findIndex((time) => time > since)
  bucket.all.splice(0, recent === -1 ? bucket.all.length : recent)
  for (const [visitor, times] of bucket.byVisitor) {
    const isRecent = (times.at(-1) ?? 0) > since
    if (isRecent && bucket.byVisitor.size < maxVisitors) break
    bucket.byVisitor.delete(visitor)
  }
}

/** The visitor's address as the nearest trusted proxy saw it; of IPv6, the network that one subscriber has. */
export function visitorOf(headers: Headers, trustedHops: number = 1): string | undefined {
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
