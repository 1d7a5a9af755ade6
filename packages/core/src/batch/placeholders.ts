import type { MailgunMessage } from '../message/message.ts'

/** The recipient variables that a message puts in. */
export interface UsedVariables {
  readonly everywhere: ReadonlySet<string>
  /** Those in header fields, where a line break could begin another field. */
  readonly inHeader: ReadonlySet<string>
}

const bodies = new Set([
  'text',
  'html',
  'watchHtml',
  'amp',
  'icalEvent',
  'alternatives',
  'attachments',
])

/** Finds every `%recipient.key%` of a message. Bodies that are read from elsewhere cannot be looked into. */
export function usedVariables(message: MailgunMessage): UsedVariables {
  const everywhere = new Set<string>()
  const inHeader = new Set<string>()
  for (const [field, value] of Object.entries(message)) {
    const isBody = bodies.has(field)
    for (const text of textsIn(value, isBody && field !== 'attachments')) {
      for (const [, name = ''] of text.matchAll(/%recipient\.([^%\r\n]+)%/g)) {
        everywhere.add(name)
        if (!isBody) inHeader.add(name)
      }
    }
  }
  return { everywhere, inHeader }
}

/** Deeper values are refused when the message is built. */
const maxDepth = 32

function* textsIn(
  value: unknown,
  readsBytes: boolean,
  depth = 0,
  seen = new Set<unknown>(),
): Generator<string> {
  if (typeof value === 'string') {
    yield value
  } else if (value instanceof Uint8Array) {
    if (readsBytes) yield new TextDecoder().decode(value)
  } else if (typeof value === 'object' && value !== null && depth < maxDepth && !seen.has(value)) {
    seen.add(value)
    for (const inner of Object.values(value)) yield* textsIn(inner, readsBytes, depth + 1, seen)
  }
}
