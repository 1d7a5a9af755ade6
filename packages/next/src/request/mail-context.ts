import { ipAddressOf } from './ip-address.ts'
import type { RequestHeaders } from './request.ts'

/** What an action's callbacks learn about the request. */
export interface MailContext {
  readonly headers: Headers
  /**
   * The visitor's IP address, read by `rateLimit.trustedHops`. For IPv6 it is the /64 network. `undefined` if no header
   * tells. It can be forged unless a proxy that you trust sets it.
   */
  readonly ip: string | undefined
  /** @deprecated Use `ip`. */
  readonly visitor: string | undefined
}

/** The context of a request, by the number of trusted proxies before the app. */
export function mailContextOf(
  headers: RequestHeaders,
  trustedHops: number | undefined,
): MailContext {
  if (!(headers instanceof Headers)) {
    return { headers: new Headers(), ip: undefined, visitor: undefined }
  }
  const ip = ipAddressOf(headers, trustedHops)
  return { headers, ip, visitor: ip }
}
