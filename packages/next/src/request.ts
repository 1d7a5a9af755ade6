/** What an action's callbacks learn of the request. */
export interface MailContext {
  readonly headers: Headers
  /**
   * The visitor's address, by `rateLimit.trustedHops`; of IPv6, its /64 network. `undefined` if nothing tells.
   * It can be forged where no trusted proxy stands before the app.
   */
  readonly visitor: string | undefined
}

/** The headers of the request that called the action, or `undefined` if none did: in a unit test or a script. */
export async function readHeaders(): Promise<Headers | undefined> {
  const { headers } = await import('next/headers.js')
  const { unstable_rethrow } = await import('next/navigation.js')
  try {
    return new Headers(await headers())
  } catch (error) {
    unstable_rethrow(error)
    if (error instanceof Error && error.message.includes('outside a request scope')) {
      return undefined
    }
    throw error
  }
}

/**
 * Whether the browser says that the form is this site's own. Next.js compares `Origin` with the host, but lets a
 * request without one pass, which no browser sends and every script can.
 */
export function fromOwnPage(headers: Headers): boolean {
  const origin = headers.get('origin')
  return (origin !== null && origin !== 'null') || headers.get('sec-fetch-site') === 'same-origin'
}
