/**
 * The headers of the request that called an action; `'none'` if there was none, as in a unit test; `'hidden'` if there
 * may have been one: Next.js 15.1 shows an action none where JavaScript is off.
 */
export type RequestHeaders = Headers | 'none' | 'hidden'

/** What is known of the request that called the action. */
export async function readHeaders(): Promise<RequestHeaders> {
  const { headers } = await import('next/headers.js')
  const given = await inRequest(async () => new Headers(await headers()))
  return given ?? (isServed() ? 'hidden' : 'none')
}

/**
 * Whether this runs in a server, where only a request calls actions. Next.js writes NEXT_RUNTIME into what it bundles;
 * a package that it does not bundle sees NODE_ENV.
 */
function isServed(): boolean {
  return Boolean(process.env.NEXT_RUNTIME) || process.env.NODE_ENV === 'production'
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

/** What a function of Next.js gives, or `undefined` outside a request. */
async function inRequest<Value>(call: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await call()
  } catch (error) {
    // All else is thrown on, as Next.js ends a page by throwing too.
    if (error instanceof Error && error.message.includes('outside a request scope')) {
      return undefined
    }
    throw error
  }
}
