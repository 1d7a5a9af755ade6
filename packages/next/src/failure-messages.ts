import type { MailContext } from './request.ts'
import type { FailureReason } from './state.ts'

/** What a form may have to say to its visitor, apart from the schema's own messages. */
export type MessageCode = FailureReason | 'too-long'

/** Texts for the visitor: some by their code, or a function for all, such as a translation. */
export type Messages =
  | { readonly [Code in MessageCode]?: string | undefined }
  | ((code: MessageCode, context: MailContext) => string)

const english: Readonly<Record<MessageCode, string>> = {
  'too-long': 'This is too long.',
  'bad-request': 'This form could not be read. Load the page again and try once more.',
  'rate-limited': 'Too many messages. Please try again later.',
  rejected: 'Your message was refused.',
  deferred: 'Your message could not be sent now. Please try again later.',
  unknown: 'It is not certain that your message was sent. Please do not send it again at once.',
  error: 'Your message could not be sent because of a fault on this site.',
}

/** The text for a code. */
export function textOf(code: MessageCode, messages: Messages = {}, context: MailContext): string {
  if (typeof messages === 'function') return messages(code, context)
  return messages[code] ?? english[code]
}
