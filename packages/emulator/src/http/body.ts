import type { IncomingMessage } from 'node:http'
import { refusal, type HttpReply } from './reply.ts'

const mostBytes = 1_000_000

/** A request's JSON; undefined for an empty body. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ readonly body: unknown } | { readonly refused: HttpReply }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // The rest is read and dropped, so that the client comes to read the answer.
    if (size <= mostBytes) chunks.push(chunk)
  }
  if (size > mostBytes) return { refused: refusal(413, `A body has ${mostBytes} bytes at most.`) }
  if (size === 0) return { body: undefined }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString()) as unknown }
  } catch {
    return { refused: refusal(400, 'The body is not JSON.') }
  }
}
