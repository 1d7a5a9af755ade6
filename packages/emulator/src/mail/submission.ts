import type { HeaderProblem, MailgunOptions } from '@mailgun-smtp/core/headers'
import { ownText, sharedText } from '../own-text.ts'
import { randomId } from '../random-id.ts'
import type { Delivery, SessionInfo } from '../smtp/policy.ts'
import { openContainer, type Container } from './container.ts'
import type { Diagnostic } from './diagnostic.ts'
import { headerValue, scanHeaders, type HeaderBlock } from '../mime/header-block.ts'
import type { Submission } from './message.ts'
import { lastHop, type DeliveryStatus } from './last-hop.ts'
import { domainOf } from '../mime/mail-address.ts'
import type { CopyContext, DiagnosableSubmission } from './copy-context.ts'
import { decodedText } from '../mime/field-text.ts'
import { Copy } from './copy.ts'
import { bodyTexts, type BodyTexts } from '../mime/mime-parts.ts'
import { Personalisation } from './personalisation.ts'
import { readMail, type ReadMail } from './read-mail.ts'
import { asksForTime, type Engagement } from './schedule.ts'
import { decideTracking, type Tracking } from '../tracking/tracking.ts'

/** What everything in a submission is derived from. */
export interface KeptSubmission extends Delivery {
  readonly id: string
  readonly receivedAt: Date
}

/** What is kept of a submission to tell without its bytes that a search is not for it. */
export interface Brief {
  readonly tags: readonly string[]
  /** Its copies may differ in their headers. */
  readonly isPersonalised: boolean
  readonly isDropped: boolean
  readonly asksForTime: boolean
}

/** What is worked out from a submission's bytes when it is asked for. */
interface WorkedOut {
  /** Of the message as received, and of the mail inside if it is a container. */
  readonly blocks: readonly HeaderBlock[]
  readonly container: Container | undefined
  headers?: Submission['headers']
  read?: ReadMail
  texts?: BodyTexts
  tracking?: Tracking
  diagnostics?: readonly Diagnostic[]
  personalisation?: Personalisation
  messages?: readonly Copy[]
}

/** A submission as the emulator keeps it: its bytes and a few words; the rest is worked out, and let go of when it was long not asked for. */
export class ReceivedSubmission implements DiagnosableSubmission {
  readonly id: string
  readonly raw: Buffer
  readonly envelope: Submission['envelope']
  readonly domain: string
  readonly session: SessionInfo
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly messageId: string | undefined
  readonly brief: Brief
  readonly #context: CopyContext
  readonly #receivedAt: number
  #workedOut: WorkedOut | undefined

  /** Of a new submission, or of one that was kept before. */
  constructor(source: Delivery | KeptSubmission, context: CopyContext) {
    const { raw, envelope, session } = source
    const { id, receivedAt } = 'receivedAt' in source ? source : arrival(context)
    this.id = id
    this.#receivedAt = receivedAt.getTime()
    this.raw = raw
    this.envelope = envelope
    this.session = session
    this.domain = sharedText(domainOf(session.user ?? envelope.from))
    this.#context = context
    // A container shows the mail inside.
    const shown = this.#work.blocks.toReversed()
    this.subject = textOf(shown, 'subject')
    this.from = sharedText(textOf(shown, 'from'))
    this.to = textOf(shown, 'to')
    this.messageId = textOf(shown, 'message-id') || undefined
    this.brief = briefOf(this.options)
  }

  get receivedAt(): Date {
    return new Date(this.#receivedAt)
  }

  get headers(): Submission['headers'] {
    const work = this.#work
    work.headers ??= work.blocks.slice(0, 1).flatMap(fieldsOf)
    return work.headers
  }

  get options(): MailgunOptions {
    return this.#readMail().options
  }

  get problems(): readonly HeaderProblem[] {
    return this.#readMail().problems
  }

  get diagnostics(): readonly Diagnostic[] {
    const work = this.#work
    work.diagnostics ??= this.#context.diagnose(this)
    return work.diagnostics
  }

  /** The headers of the message as received, and of the mail inside if it is a container. */
  get blocks(): readonly HeaderBlock[] {
    return this.#work.blocks
  }

  get container(): Container | undefined {
    return this.#work.container
  }

  /** What Mailgun has learnt of a recipient. */
  engagement(recipient: string): Engagement | undefined {
    return this.#context.engagement(recipient)
  }

  /** The readable parts of the mail, decoded, with unreplaced placeholders. */
  texts(): BodyTexts {
    const work = this.#work
    work.texts ??= bodyTexts(this.#mail)
    return work.texts
  }

  get messages(): readonly Copy[] {
    const work = this.#work
    if (!work.messages) {
      const source = {
        submission: this,
        context: this.#context,
        personalisation: () => this.#personalise(),
        tracking: () => this.#decideTracking(),
        lastHop: (recipient: string) => this.#lastHop(recipient),
      }
      work.messages = this.envelope.to.map(
        (recipient, at) => new Copy(`${this.id}-${at + 1}`, recipient, source),
      )
    }
    return work.messages
  }

  /** The recipients whose servers take their copy, sooner or later. */
  get reachable(): readonly string[] {
    const { to } = this.envelope
    const failed = new Set(to.filter((recipient) => this.#fails(recipient)))
    return failed.size === 0 ? to : to.filter((recipient) => !failed.has(recipient))
  }

  /** Lets go of what was worked out; it will be again when it is asked for. */
  letGo(): void {
    this.#workedOut = undefined
  }

  get #work(): WorkedOut {
    this.#context.recent.touch(this)
    if (!this.#workedOut) {
      const block = scanHeaders(this.raw)
      const container = openContainer(this.raw, block)
      const blocks = container ? [block, scanHeaders(container.mail)] : [block]
      this.#workedOut = { blocks, container }
    }
    return this.#workedOut
  }

  get #mail(): Buffer {
    return this.#work.container?.mail ?? this.raw
  }

  #readMail(): ReadMail {
    const work = this.#work
    work.read ??= readMail(work.blocks, work.container)
    return work.read
  }

  /** A server without an entry need not be looked up. */
  #fails(recipient: string): boolean {
    const isKnown = this.#context.mx(domainOf(recipient)) !== undefined
    return isKnown && this.#lastHop(recipient).failure !== undefined
  }

  #lastHop(recipient: string): DeliveryStatus {
    const { sending, mx } = this.#context
    return lastHop(recipient, { options: this.options, sending: sending(this.domain), mx })
  }

  #decideTracking(): Tracking {
    const work = this.#work
    const domain = this.#context.tracking(this.domain)
    work.tracking ??= decideTracking(this.options, domain, () => this.texts().html !== undefined)
    return work.tracking
  }

  #personalise(): Personalisation {
    const work = this.#work
    work.personalisation ??= new Personalisation({
      raw: this.#mail,
      header: work.blocks.at(-1) ?? scanHeaders(this.#mail),
      variables: this.options.recipientVariables,
      suppress: this.options.suppressHeaders,
    })
    return work.personalisation
  }
}

const plain: Brief = { tags: [], isPersonalised: false, isDropped: false, asksForTime: false }

/** Mail without options shares one. */
function briefOf(options: MailgunOptions): Brief {
  if (Object.keys(options).length === 0) return plain
  return {
    tags: options.tags?.map(sharedText) ?? plain.tags,
    isPersonalised: options.recipientVariables != null,
    isDropped: options.dropMessage === true,
    asksForTime: asksForTime(options),
  }
}

function arrival({ clock }: CopyContext): Pick<KeptSubmission, 'id' | 'receivedAt'> {
  return { id: randomId(12), receivedAt: clock.now() }
}

/** The decoded value of the first field of this name, in the first block that has one, as a string of its own; empty if none has. */
function textOf(blocks: readonly HeaderBlock[], name: string): string {
  for (const block of blocks) {
    const value = headerValue(block, name)
    // As read from the bytes it already is.
    if (value !== undefined) return value.includes('=?') ? ownText(decodedText(value)) : value
  }
  return ''
}

function fieldsOf({ fields }: HeaderBlock): Submission['headers'] {
  return fields.map(({ name, value }) => [name, value] as const)
}
