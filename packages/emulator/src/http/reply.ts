import type { Refusal } from './answers.ts'

/** What an HTTP request is answered with. */
export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** On every reply; a reply's own headers override it. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Name the type of the answer: the client reads the same. */
export function json<Answer>(value: Answer, status = 200): HttpReply {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers, body: `${JSON.stringify(value)}\n` }
}

/** An answer that is not a success: one sentence. */
export function refusal(status: number, message: string): HttpReply {
  return json<Refusal>({ message }, status)
}

export function plainText(body: string | Buffer): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** Done, and nothing to say. */
export const noContent: HttpReply = { status: 204, headers: {}, body: '' }
