import { parseHeaders } from '../options/header-fields.ts'
import { type LintWarning, lint } from '../options/lint.ts'
import type { MailgunOptions } from '../options/options.ts'
import { decodeText } from './decode-text.ts'
import { readBody, readHeaders } from './mime-body.ts'
import { placeholdersIn } from '../options/placeholders.ts'
import type { MailBody } from './mail.ts'

/** A mail that would have left: its bytes, and what they say. */
export interface OutboxMessage {
  /** With angle brackets. */
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** Decoded, as `from` and `to`. */
  readonly subject: string
  readonly from: string
  /** The To header: with recipient variables a placeholder, in whose place each recipient sees their own address. */
  readonly to: string
  /** Unfolded, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Merged from all layers, and read back from the headers. */
  readonly options: MailgunOptions
  /** What `lint` says of it. */
  readonly diagnostics: readonly LintWarning[]
  /** Placeholders such as `%recipient.first%` for which some recipient has no variable. */
  readonly unreplaced: readonly string[]
  /** The source. */
  readonly raw: Buffer
  /** Decodes the body. A promise, as the emulator's. */
  load(): Promise<MailBody>
}

/** The bytes that an outbox was handed; what they say is read when it is looked at. */
export class CapturedMessage implements OutboxMessage {
  readonly messageId: string
  readonly envelope: OutboxMessage['envelope']
  readonly raw: Buffer
  readonly headers: OutboxMessage['headers']
  readonly options: MailgunOptions
  #body: MailBody | undefined

  constructor(raw: Buffer, envelope: OutboxMessage['envelope'], messageId: string) {
    this.raw = raw
    this.envelope = envelope
    this.messageId = messageId
    this.headers = readHeaders(raw)
    this.options = parseHeaders(this.headers)
  }

  get subject(): string {
    return this.#text('subject')
  }

  get from(): string {
    return this.#text('from')
  }

  get to(): string {
    return this.#text('to')
  }

  get diagnostics(): readonly LintWarning[] {
    const { options, subject } = this
    const { text, html } = this.#readBody()
    const to = options.recipientVariables ? this.envelope.to : this.to
    return lint({ mailgun: options, to, cc: this.#text('cc'), subject, text, html })
  }

  get unreplaced(): readonly string[] {
    const { text, html = '' } = this.#readBody()
    const written = [this.subject, text, html].join('\n')
    const { recipientVariables } = this.options
    const keys = placeholdersIn(written).filter((key) =>
      this.envelope.to.some(
        (recipient) => !Object.hasOwn(Object(recipientVariables?.[recipient]) as object, key),
      ),
    )
    return [...new Set(keys)].map((key) => `%recipient.${key}%`)
  }

  load(): Promise<MailBody> {
    return Promise.resolve(this.#readBody())
  }

  #readBody(): MailBody {
    return (this.#body ??= readBody(this.raw))
  }

  #text(name: string): string {
    return decodeText(this.headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? '')
  }
}
