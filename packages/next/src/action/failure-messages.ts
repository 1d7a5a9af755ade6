import type { FileFault } from './attachments.ts'
import type { MailContext } from '../request/mail-context.ts'
import type { FailureReason } from '../form/state.ts'

/** What a form may have to say to its visitor, apart from the schema's own messages. */
export type MessageCode = FailureReason | FileFault | 'too-long'

/** Messages for the visitor: some by their code, or a function for all, such as a translation. */
export type Messages =
  | { readonly [Code in MessageCode]?: string | undefined }
  | ((code: MessageCode, context: MailContext) => string | Promise<string>)

const english: Readonly<Record<MessageCode, string>> = {
  'too-long': 'This is too long.',
  'too-large': 'This file is too large.',
  'too-many-files': 'These are too many files.',
  'file-type': 'This kind of file is not accepted.',
  'bad-request': 'This form could not be read. Load the page again and try once more.',
  'too-soon': 'That was very quick. Please send it once more.',
  'rate-limited': 'Too many messages. Please try again later.',
  rejected: 'Your message was refused.',
  deferred: 'Your message could not be sent now. Please try again later.',
  unknown: 'It is not certain that your message was sent. Please do not send it again at once.',
  error: 'Your message could not be sent because of a fault on this site.',
}

/** The text for a code. */
export async function textOf(
  code: MessageCode,
  messages: Messages = {},
  context: MailContext,
): Promise<string> {
  if (typeof messages === 'function') return await messages(code, context)
  return messages[code] ?? english[code]
}
