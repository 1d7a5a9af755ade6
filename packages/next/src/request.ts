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
  return await inRequest(async () => new Headers(await headers()))
}

/** Runs a task once the response is gone; where there is none, at once. The task must not reject. */
export async function afterResponse(task: () => Promise<void>): Promise<void> {
  const { after } = await import('next/server.js')
  const planned = await inRequest(() => {
    after(task)
    return true
  })
  if (!planned) await task()
}

/** What a function of Next.js gives, or `undefined` where there is no request. */
async function inRequest<Value>(call: () => Value | Promise<Value>): Promise<Value | undefined> {
  const { unstable_rethrow } = await import('next/navigation.js')
  try {
    return await call()
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
  return (
    /^https?:\/\/[^/\s]+$/i.test(headers.get('origin') ?? '') ||
    headers.get('sec-fetch-site') === 'same-origin'
  )
}
