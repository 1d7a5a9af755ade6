import type { MailFilter } from '@mailgun-smtp/core/matchers'
import type { CopyCondition } from './inbox/matching.ts'
import type { CopyAttachment, CopyContent } from './mail/content.ts'
import type { Copy } from './mail/message.ts'

/** @deprecated Renamed to {@link Copy}: a message is what was submitted, a copy what one recipient gets. */
export type Message = Copy
/** @deprecated Renamed to {@link CopyAttachment}. */
export type MessageAttachment = CopyAttachment
/** @deprecated Renamed to {@link CopyCondition}. */
export type MessageCondition = CopyCondition
/** @deprecated Renamed to {@link CopyContent}. */
export type MessageContent = CopyContent
/** @deprecated It is {@link MailFilter} of `@mailgun-smtp/core/matchers`. */
export type MessageFilter = MailFilter
