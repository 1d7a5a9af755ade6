import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { DeliveryError } from '@mailgun-smtp/core'

/** An `ErrorRequestHandler` of Express 4 and 5. */
export type MailErrorHandler = (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Answers a failed delivery with problem details (RFC 9457): 422 for a rejected message, 503 for a deferred one, 429
 * when a quota or a rate limit is used up until a known date, 502 when you cannot tell whether it was sent. `Retry-After` is set when
 * the time is known. The body holds nothing of the server's reply and no address.
 *
 * Every other error goes to the next error handler: a wrong config or option is a fault of the app, not of the mail.
 */
export function mailErrorHandler(): MailErrorHandler {
  // Express knows an error handler by its four parameters.
  return (error, _req, res, next) => {
    if (!(error instanceof DeliveryError) || res.headersSent) {
      next(error)
      return
    }
    const status = statusOf(error)
    const body = JSON.stringify({
      type: `urn:mailgun-smtp:outcome:${error.outcome}`,
      title: titles[error.outcome],
      status,
      code: error.code,
    })
    for (const field of ofTheAnswer) res.removeHeader(field)
    if (error.retryAfter) {
      const seconds = Math.ceil((error.retryAfter.getTime() - Date.now()) / 1000)
      res.setHeader('Retry-After', String(Math.max(0, seconds)))
    }
    res.statusCode = status
    // Its own words for another status would stay.
    res.statusMessage = STATUS_CODES[status] ?? ''
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Content-Type', 'application/problem+json')
    res.setHeader('Content-Length', Buffer.byteLength(body))
    res.end(body)
  }
}

/** Fields that describe the answer which is not given now (RFC 9110, §8 and §10.2.2). */
const ofTheAnswer = [
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Location',
  'Content-Range',
  'ETag',
  'Last-Modified',
  'Location',
] as const

const titles: Readonly<Record<DeliveryError['outcome'], string>> = {
  rejected: 'The mail was refused.',
  deferred: 'The mail was not sent; it may be sent later.',
  unknown: 'It is not known whether the mail was sent.',
}

/** The codes for too many messages, by Mailgun's limits or the app's own. */
const tooMany: ReadonlySet<DeliveryError['code']> = new Set([
  'ERR_MAILGUN_QUOTA',
  'ERR_MAILGUN_RATE_LIMIT',
])

function statusOf({ outcome, code, retryAfter }: DeliveryError): number {
  switch (outcome) {
    case 'rejected':
      return 422
    case 'deferred':
      return tooMany.has(code) && retryAfter ? 429 : 503
    case 'unknown':
      return 502
  }
}
