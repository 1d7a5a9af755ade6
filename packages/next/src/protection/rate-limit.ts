import { processStore, type RateLimitStore } from './rate-limit-store.ts'
import type { MailContext } from '../request/mail-context.ts'

/** How many mails a form may send. */
export interface RateLimit {
  /** Mails under one key within the window. Default 5. */
  readonly limit?: number | undefined
  /** Mails under all keys together within the window: a visitor's address can be forged. Default 60. */
  readonly global?: number | undefined
  /** Milliseconds. Default 600,000: ten minutes. */
  readonly window?: number | undefined
  /** Whose mails are counted together, such as a user's; `undefined`: only `global` holds. Default: the visitor's address. */
  readonly key?:
    | ((context: MailContext) => string | undefined | Promise<string | undefined>)
    | undefined
  /**
   * How many proxies of yours the request passes through: the visitor's address is that many from the right in
   * `X-Forwarded-For`. Default 1. With none, the address can be forged and only `global` holds.
   */
  readonly trustedHops?: number | undefined
  /** Forms that name the same bucket share its counts. Default: all forms share one. */
  readonly bucket?: string | undefined
  /** Where the counts are kept. Default: this process's memory. If it fails, no mail is sent. */
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
    (own === undefined ? undefined : await counts.take(`${bucket}/by/${own}`, limit, window)) ??
    (await counts.take(`${bucket}/all`, global, window))
  return wait === undefined ? undefined : Math.ceil(wait / 1000)
}
