import { createHash } from 'node:crypto'
import { processStore, type RateLimitStore } from './rate-limit-store.ts'
import type { MailContext } from '../request/mail-context.ts'

/** How many mails a form may send. */
export interface RateLimit {
  /** How many mails one key can send within the window. Default: 5. */
  readonly limit?: number | undefined
  /** How many mails all keys together can send within the window. It matters because a visitor's address can be forged. Default: 60. */
  readonly global?: number | undefined
  /** The length of the window, in milliseconds. Default: 600,000 (10 minutes). */
  readonly window?: number | undefined
  /** Returns the key of a mail, such as the id of a user. With `undefined`, only `global` applies. Default: the visitor's IP address. */
  readonly key?:
    | ((context: MailContext) => string | undefined | Promise<string | undefined>)
    | undefined
  /**
   * How many of your own proxies a request passes through. The visitor's address is that many entries from the right in
   * `X-Forwarded-For`. With 0, the address could be forged, so only `global` applies. Default: 1.
   */
  readonly trustedHops?: number | undefined
  /** Forms with the same bucket share its counts. Default: all forms share one bucket. */
  readonly bucket?: string | undefined
  /** Where the counts are kept. If the store fails, no mail is sent. Default: the memory of this process. */
  readonly store?: RateLimitStore | undefined
}

/** Counts a mail, unless that is one too many: then it answers how many seconds to wait. */
export async function secondsToWait(
  { limit = 5, global = 60, window = 600_000, key, bucket = '', store }: RateLimit,
  context: MailContext,
): Promise<number | undefined> {
  const counts = store ?? processStore()
  const own = key ? await key(context) : context.ip
  // One's own first: who is over it takes nothing from what all may send.
  const wait =
    (own === undefined
      ? undefined
      : await counts.take(`${bucket}/by/${short(own)}`, limit, window)) ??
    (await counts.take(`${bucket}/all`, global, window))
  return wait === undefined ? undefined : Math.ceil(wait / 1000)
}

/** The longest key that is kept as it is: a user's id or an address. */
const maxKeyLength = 64

/** A key of few bytes: a long one may hold anything that a visitor sent, so its hash replaces it. */
function short(key: string): string {
  if (key.length <= maxKeyLength) return key
  return createHash('sha256').update(key).digest('base64url')
}
