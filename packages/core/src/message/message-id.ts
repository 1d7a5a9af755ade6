import { randomUUID } from 'node:crypto'
import { readMailbox } from './address.ts'
import { headerEntries, headerKey } from './header-entries.ts'
import type { MailgunMessage } from './message.ts'

/** A message as it will be sent: options merged, Message-ID fixed. */
export type FinalMessage = MailgunMessage & { readonly messageId: string }

/** The message with a Message-ID of its own, so that every attempt has the same (RFC 5322 §3.6.4). */
export function withMessageId(message: MailgunMessage): FinalMessage {
  const messageId = messageIdOf(message) || newMessageId(message)
  return { ...message, messageId }
}

/** The Message-ID of a message that has one. */
export function messageIdOf(message: MailgunMessage): string {
  return message.messageId || messageIdHeader(message) || ''
}

function newMessageId({ from }: MailgunMessage): string {
  const domain = readMailbox(from, 'from').address.split('@').at(-1) ?? 'localhost'
  return `<${randomUUID()}@${/^[\w.-]+$/.test(domain) ? domain : 'localhost'}>`
}

function messageIdHeader({ headers }: MailgunMessage): string | undefined {
  const entry = headerEntries(headers).find(({ key }) => headerKey(key) === headerKey('Message-ID'))
  return entry && String(entry.value)
}
