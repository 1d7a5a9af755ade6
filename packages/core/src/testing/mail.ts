import type { MailgunOptions } from '../options/options.ts'

/** The body of a mail, decoded. */
export interface MailBody {
  /** Empty if the mail has no plain text. */
  readonly text: string
  readonly html?: string | undefined
  readonly attachments: readonly MailAttachment[]
  /** Where it links to, if its reader has found that out. */
  readonly links?: readonly string[] | undefined
}

/** A file that a mail carries. */
export interface MailAttachment {
  readonly filename?: string | undefined
  /** In lower case, without parameters. */
  readonly contentType: string
  /** In bytes, decoded. */
  readonly size: number
  /** Without angle brackets, as `cid:` links have it. */
  readonly contentId?: string | undefined
  readonly content?: Uint8Array | undefined
  /** What a `message/rfc822` attachment says: a mail of its own. */
  readonly mail?: AttachedMail | undefined
}

/** A mail that was attached to another. */
export interface AttachedMail extends MailBody {
  /** Decoded, as `from` and `to`; empty if it has none. */
  readonly subject: string
  readonly from: string
  readonly to: string
  /** Unfolded. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** Something that may not be as meant, under `lint`'s codes or the emulator's own. */
export interface MailDiagnostic {
  readonly code: string
  readonly path?: string | undefined
  readonly message: string
}

/** What was handed over for one recipient or many. */
export interface SubmittedMail {
  readonly options: MailgunOptions
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly diagnostics?: readonly MailDiagnostic[] | undefined
}

interface ReadableMail {
  /** With angle brackets. */
  readonly messageId: string
  /** Decoded, as `from` and `to`. */
  readonly subject: string
  readonly from: string
  readonly to: string
  /** Unfolded. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Where the emulator's clock has brought it; an outbox knows nothing of that. */
  readonly state?: 'scheduled' | 'delivered' | 'failed' | 'dropped' | undefined
  /** When the emulator delivers it, if not at once. */
  readonly scheduledFor?: Date | undefined
  /** Placeholders that a recipient would read unreplaced. */
  readonly unreplaced: readonly string[]
  load(): Promise<MailBody>
}

/** A mail that the matchers read: an outbox's, or one recipient's copy in the emulator. */
export type CapturedMail = ReadableMail &
  (SubmittedMail | { readonly recipient: string; readonly submission: SubmittedMail })

/** What the matchers read mails from: an outbox, an emulator, or a list of mails. */
export type CapturedMails = { readonly messages: readonly CapturedMail[] } | readonly CapturedMail[]

/** The options, the envelope and what else the recipients of a mail have in common. */
export function submissionOf(mail: CapturedMail): SubmittedMail {
  return 'submission' in mail ? mail.submission : mail
}

/** Who gets the mail: of a copy, its own recipient. */
export function recipientsOf(mail: CapturedMail): readonly string[] {
  return 'submission' in mail ? [mail.recipient] : mail.envelope.to
}

/** @throws {TypeError} if it is not a mail; `asker` is what the caller called. */
export function mailIn(received: unknown, asker: string): CapturedMail {
  const options: unknown = Reflect.get(
    Object(Reflect.get(Object(received), 'submission') ?? received),
    'options',
  )
  if (typeof options === 'object' && typeof Reflect.get(Object(received), 'load') === 'function') {
    return received as CapturedMail
  }
  throw new TypeError(`${asker} looks at a mail: a message of the emulator or of an outbox.`)
}

/** @throws {TypeError} if it holds no mails; `asker` is what the caller called. */
export function mailsIn(received: unknown, asker: string): readonly CapturedMail[] {
  const mails: unknown = Array.isArray(received)
    ? received
    : Reflect.get(Object(received), 'messages')
  if (Array.isArray(mails)) return mails.map((mail) => mailIn(mail, asker))
  throw new TypeError(`${asker} looks at an emulator, an outbox, or a list of mails.`)
}
