import { invalid } from './invalid-message.ts'

/** The bodies that have content and an encoding, and nothing that could make an attachment or a header of them. */
const bodies = new Set(['text', 'html', 'watchHtml', 'amp'])

const notTaken = ['headers', 'filename', 'contentDisposition', 'cid'] as const

/**
 * Refuses what would turn a body into something else. An object that came from a visitor's JSON could otherwise set
 * headers of the message.
 */
export function refuseBodyFields(part: object, path: string): void {
  if (!bodies.has(path)) return
  for (const field of notTaken) {
    const value: unknown = Reflect.get(part, field)
    if (value === undefined || value === null || value === false) continue
    if (Array.isArray(value) && value.length === 0) continue
    throw invalid(
      `${path}.${field}`,
      'is not taken: a body has content and encoding; headers are set in message.headers, files in attachments',
    )
  }
}
