import type { MailgunMessage } from './message.ts'

const parts = ['attachments', 'alternatives'] as const
const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const

/** Whether the message holds a stream, which can be read only once. */
export function isReadOnce(message: MailgunMessage): boolean {
  return contentsOf(message).some(isStream)
}

/** Whether one of its streams was destroyed, and cannot be read even once. */
export function holdsSpentStream(message: MailgunMessage): boolean {
  return contentsOf(message).some(
    (content) => isStream(content) && Reflect.get(Object(content), 'destroyed') === true,
  )
}

function contentsOf(message: MailgunMessage): unknown[] {
  const held: unknown[] = [
    ...bodies.map((name) => message[name]),
    ...parts.flatMap((name) => [message[name]].flat() as unknown[]),
  ]
  return held.flatMap((part) => [part, Reflect.get(Object(part), 'content')])
}

function isStream(content: unknown): boolean {
  // Node's streams have pipe, those of the web getReader.
  return ['pipe', 'getReader'].some(
    (method) => typeof Reflect.get(Object(content), method) === 'function',
  )
}
