import { randomBytes } from 'node:crypto'
import type { HeaderProblem, MailgunOptions } from '@mailgun-smtp/core/headers'
import type { Delivery, SessionInfo } from '../smtp/policy.ts'
import { openContainer, type Container } from './container.ts'
import type { Diagnostic } from './diagnostic.ts'
import { findIn } from './findings.ts'
import { scanHeaders, type HeaderBlock } from './header-block.ts'
import { domainOf } from './mail-address.ts'
import type { MailRoom } from './mail-room.ts'
import { Copy, headerText, type Message } from './message.ts'
import { bodyTexts, type BodyTexts } from './mime-parts.ts'
import { Personalisation } from './personalisation.ts'
import { readMail, type ReadMail } from './read-mail.ts'
import { decideTracking, type Tracking } from './tracking.ts'

/** A message that SMTP accepted: one DATA, for one recipient or many. */
export interface Submission {
  /** Random, and of letters and digits only. */
  readonly id: string
  readonly receivedAt: Date
  /** The source, dots unstuffed. */
  readonly raw: Buffer
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** The domain it is accounted to: that of the login, else of the envelope's sender. In lower case. */
  readonly domain: string
  /** Unfolded, otherwise as received, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Mailgun's options, read from the headers. */
  readonly options: MailgunOptions
  /** `X-Mailgun-` headers that have no meaning. */
  readonly problems: readonly HeaderProblem[]
  /** All that Mailgun takes and that may not do what was meant; problems are among it. */
  readonly diagnostics: readonly Diagnostic[]
  /** With angle brackets; undefined if it came without. */
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

/** What all else of a submission is worked out from. */
export interface KeptSubmission extends Delivery {
  readonly id: string
  readonly receivedAt: Date
}

/** A submission as the emulator keeps it: its bytes and header; the rest is worked out when asked for. */
export class ReceivedSubmission implements Submission {
  readonly id: string
  readonly receivedAt: Date
  readonly raw: Buffer
  readonly envelope: Submission['envelope']
  readonly domain: string
  readonly session: SessionInfo
  readonly headers: Submission['headers']
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly messageId: string | undefined
  readonly #room: MailRoom
  /** Of the message as received, and of the mail inside if it is a container. */
  readonly #blocks: readonly HeaderBlock[]
  readonly #container: Container | undefined
  #read: ReadMail | undefined
  #texts: BodyTexts | undefined
  #tracking: Tracking | undefined
  #findings: readonly Diagnostic[] | undefined
  #diagnostics: readonly Diagnostic[] | undefined
  #personalisation: Personalisation | undefined
  #messages: readonly Copy[] | undefined

  /** Of a new submission, or of one that was kept before. */
  constructor(source: Delivery | KeptSubmission, room: MailRoom) {
    const { raw, envelope, session } = source
    const { id, receivedAt } = 'receivedAt' in source ? source : arrival(room)
    this.id = id
    this.receivedAt = receivedAt
    this.raw = raw
    this.envelope = envelope
    this.session = session
    this.domain = domainOf(session.user ?? envelope.from)
    this.#room = room
    const block = scanHeaders(raw)
    this.headers = fieldsOf(block)
    this.#container = openContainer(raw, block)
    const inner = this.#container && scanHeaders(this.#container.mail)
    this.#blocks = inner ? [block, inner] : [block]
    const shown = inner ? [...fieldsOf(inner), ...this.headers] : this.headers
    this.subject = headerText(shown, 'subject')
    this.from = headerText(shown, 'from')
    this.to = headerText(shown, 'to')
    this.messageId = headerText(shown, 'message-id') || undefined
  }

  get options(): MailgunOptions {
    return this.#readMail().options
  }

  get problems(): readonly HeaderProblem[] {
    return this.#readMail().problems
  }

  /** What the emulator itself finds; core's problems and lint are not among it. */
  get findings(): readonly Diagnostic[] {
    const { receivedAt, from, domain, envelope, options } = this
    this.#findings ??= findIn({
      receivedAt,
      from,
      domain,
      envelope,
      options,
      blocks: this.#blocks,
      container: this.#container,
      engagement: this.#room.engagement,
      texts: () => this.texts(),
    })
    return this.#findings
  }

  get diagnostics(): readonly Diagnostic[] {
    this.#diagnostics ??= this.#room.diagnose?.(this) ?? [
      ...this.problems.map(({ code, option, header, message }) => ({
        code,
        path: option,
        header,
        message,
      })),
      ...this.findings,
    ]
    return this.#diagnostics
  }

  /** What the mail says to read, decoded, with its placeholders as they stand. */
  texts(): BodyTexts {
    this.#texts ??= bodyTexts(this.#mail)
    return this.#texts
  }

  get messages(): readonly Copy[] {
    this.#messages ??= this.envelope.to.map(
      (recipient, at) =>
        new Copy(`${this.id}-${at + 1}`, recipient, {
          submission: this,
          room: this.#room,
          personalisation: () => this.#personalise(),
          tracking: () => this.#decideTracking(),
        }),
    )
    return this.#messages
  }

  get #mail(): Buffer {
    return this.#container?.mail ?? this.raw
  }

  #readMail(): ReadMail {
    this.#read ??= readMail(this.#blocks, this.#container)
    return this.#read
  }

  #decideTracking(): Tracking {
    const domain = this.#room.tracking(this.domain)
    this.#tracking ??= decideTracking(this.options, domain, () => this.texts().html !== undefined)
    return this.#tracking
  }

  #personalise(): Personalisation {
    this.#personalisation ??= new Personalisation({
      raw: this.#mail,
      header: this.#blocks.at(-1) ?? scanHeaders(this.#mail),
      variables: this.options.recipientVariables,
      suppress: this.options.suppressHeaders,
    })
    return this.#personalisation
  }
}

function arrival({ clock }: MailRoom): Pick<KeptSubmission, 'id' | 'receivedAt'> {
  return { id: randomBytes(12).toString('hex'), receivedAt: clock.now() }
}

function fieldsOf({ fields }: HeaderBlock): Submission['headers'] {
  return fields.map(({ name, value }) => [name, value] as const)
}
