import type { IncomingMessage, ServerResponse } from 'node:http'

const strict =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The policy of a page that React hydrates; its inline scripts carry the page's data. */
const hydrated =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/**
 * Lets pages fetch nothing from elsewhere, and refuses what another site makes a browser send here: these forms mail
 * any address, and with a Mailgun login that would be real mail.
 */
export function guard(policy: 'static' | 'hydrated') {
  return (req: IncomingMessage, res: ServerResponse, next: () => void): void => {
    res.setHeader('Content-Security-Policy', policy === 'static' ? strict : hydrated)
    res.setHeader('Referrer-Policy', 'same-origin')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    if (isOwn(req)) {
      next()
      return
    }
    res.statusCode = 403
    res.setHeader('Content-Type', 'text/plain; charset=utf-8')
    res.end('This shop answers its own pages only.\n')
  }
}

/** Whether a request is for this machine by name and, if it sends something, comes from a page of the same app. */
export function isOwn({ method = 'GET', headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers
  // A foreign name that resolves to this machine (DNS rebinding) would make a foreign page same-origin.
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host)) return false
  if (method === 'GET' || method === 'HEAD') return true
  return origin === undefined
    ? (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin'
    : origin === `http://${host}`
}
