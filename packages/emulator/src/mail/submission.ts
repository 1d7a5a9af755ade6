import { randomBytes } from 'node:crypto'
import { parseHeaders, type HeaderProblem, type MailgunOptions } from '@mailgun-smtp/core/headers'
import type { Delivery, SessionInfo } from '../smtp/session.ts'
import type { ContentCache } from './content.ts'
import { scanHeaders, type HeaderBlock } from './header-block.ts'
import { Copy, headerText, type Message } from './message.ts'
import { Personalisation } from './personalisation.ts'

/** A message that SMTP accepted: one DATA, for one recipient or many. */
export interface Submission {
  /** Random, and of letters and digits only. */
  readonly id: string
  readonly receivedAt: Date
  /** The source, dots unstuffed. */
  readonly raw: Buffer
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** Unfolded, otherwise as received, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Mailgun's options, read from the headers. */
  readonly options: MailgunOptions
  /** `X-Mailgun-` headers that have no meaning. */
  readonly problems: readonly HeaderProblem[]
  /** With angle brackets. */
  readonly messageId: string | undefined
  /** Decoded. */
  readonly subject: string
  /** The From header, decoded. */
  readonly from: string
  /** The To header, decoded. */
  readonly to: string
  readonly session: SessionInfo
  /** One for each recipient. */
  readonly messages: readonly Message[]
}

/** A submission as the emulator keeps it: its bytes and header; the rest is worked out when asked for. */
export class ReceivedSubmission implements Submission {
  readonly id: string = randomBytes(12).toString('hex')
  readonly receivedAt: Date = new Date()
  readonly raw: Buffer
  readonly envelope: Submission['envelope']
  readonly session: SessionInfo
  readonly headers: Submission['headers']
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly messageId: string | undefined
  readonly #block: HeaderBlock
  readonly #cache: ContentCache
  #parsed: { readonly options: MailgunOptions; readonly problems: HeaderProblem[] } | undefined
  #personalisation: Personalisation | undefined
  #messages: readonly Message[] | undefined

  constructor({ raw, envelope, session }: Delivery, cache: ContentCache) {
    this.raw = raw
    this.envelope = envelope
    this.session = session
    this.#cache = cache
    this.#block = scanHeaders(raw)
    this.headers = this.#block.fields.map(({ name, value }) => [name, value] as const)
    this.subject = headerText(this.headers, 'subject')
    this.from = headerText(this.headers, 'from')
    this.to = headerText(this.headers, 'to')
    this.messageId = headerText(this.headers, 'message-id') || undefined
  }

  get options(): MailgunOptions {
    return this.#parse().options
  }

  get problems(): readonly HeaderProblem[] {
    return this.#parse().problems
  }

  get messages(): readonly Message[] {
    const personalisation = (): Personalisation => this.#personalise()
    this.#messages ??= this.envelope.to.map(
      (recipient, at) =>
        new Copy(`${this.id}-${at + 1}`, this, recipient, personalisation, this.#cache),
    )
    return this.#messages
  }

  #parse(): { readonly options: MailgunOptions; readonly problems: HeaderProblem[] } {
    if (!this.#parsed) {
      const problems: HeaderProblem[] = []
      const options = parseHeaders(this.headers, (problem) => problems.push(problem))
      this.#parsed = { options, problems }
    }
    return this.#parsed
  }

  #personalise(): Personalisation {
    this.#personalisation ??= new Personalisation(
      this.raw,
      this.#block,
      this.options.recipientVariables,
    )
    return this.#personalisation
  }
}
