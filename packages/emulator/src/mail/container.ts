import {
  parseHeaders,
  type HeaderProblem,
  type RecipientVariables,
} from '@mailgun-smtp/core/headers'
import { headerValue, scanHeaders, type HeaderBlock } from '../mime/header-block.ts'
import { splitParts } from '../mime/mime-tree.ts'
import { readParameters } from '../mime/parameters.ts'
import { decodeTransferEncoding } from '../mime/transfer-encoding.ts'

/**
 * A mail with its recipient variables before it: `multipart/mailgun-variables` of an `application/json` part and a
 * `message/rfc822` part, which no header's length limits.
 *
 * Documented in Mailgun's manual, "Batch sending". Whether today's server still honours it is unknown.
 */
export interface Container {
  /** The mail inside. */
  readonly mail: Buffer
  /** Undefined if its part cannot be read, or is not there. */
  readonly variables?: RecipientVariables
  readonly problems: readonly HeaderProblem[]
}

/** Undefined for a message that is not such a container, or that holds no mail. */
export function openContainer(raw: Buffer, block: HeaderBlock): Container | undefined {
  const { value, parameters } = readParameters(headerValue(block, 'content-type') ?? '')
  if (value !== 'multipart/mailgun-variables') return undefined
  const boundary = parameters.get('boundary')
  if (!boundary) return undefined
  let json: string | undefined
  let mail: Buffer | undefined
  for (const { start, end } of splitParts(raw, block.bodyStart, raw.length, boundary)) {
    const header = scanHeaders(raw, start, end)
    const type = headerValue(header, 'content-type') ?? 'text/plain'
    const encoding = headerValue(header, 'content-transfer-encoding') ?? '7bit'
    const body = raw.subarray(header.bodyStart, end)
    const decoded = (): Buffer => decodeTransferEncoding(encoding.toLowerCase(), body)
    if (/^application\/json\b/i.test(type)) json ??= decoded().toString()
    else if (/^message\/rfc822\b/i.test(type)) mail ??= decoded()
  }
  return mail && { mail, ...readVariables(json ?? '') }
}

/** Core reads and checks the JSON, as if it were in the header. */
function readVariables(json: string): Omit<Container, 'mail'> {
  const problems: HeaderProblem[] = []
  const { recipientVariables } = parseHeaders(
    [['X-Mailgun-Recipient-Variables', json.replace(/[\r\n]+/g, ' ')]],
    (problem) => problems.push({ ...problem, header: 'multipart/mailgun-variables' }),
  )
  return recipientVariables ? { variables: recipientVariables, problems } : { problems }
}
