import type { MailgunMessage } from './message.ts'

const parts = ['attachments', 'alternatives'] as const
const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const

/** Whether the message holds a stream, which can be read only once. */
export function isReadOnce(message: MailgunMessage): boolean {
  return (
    bodies.some((name) => isStream(message[name]) || holdsStream(message[name])) ||
    parts.some((name) => [message[name]].flat().some((part: unknown) => holdsStream(part)))
  )
}

function holdsStream(part: unknown): boolean {
  return isStream(Reflect.get(Object(part), 'content'))
}

function isStream(content: unknown): boolean {
  // Node's streams have pipe, those of the web getReader.
  return ['pipe', 'getReader'].some(
    (method) => typeof Reflect.get(Object(content), method) === 'function',
  )
}
