import { randomBytes } from 'node:crypto'
import type { HeaderProblem, MailgunOptions } from '@mailgun-smtp/core/headers'
import { decodeText } from '@mailgun-smtp/core/matchers'
import type { Delivery, SessionInfo } from '../smtp/policy.ts'
import { openContainer, type Container } from './container.ts'
import type { Diagnostic } from './diagnostic.ts'
import { headerValue, scanHeaders, type HeaderBlock } from '../mime/header-block.ts'
import type { Submission } from './message.ts'
import { lastHop, type DeliveryStatus } from './last-hop.ts'
import { domainOf } from '../mime/mail-address.ts'
import type { CopyContext, DiagnosableSubmission } from './copy-context.ts'
import { ReceivedCopy } from './copy.ts'
import {
  bodyTexts,
  countParts,
  readMimeTree,
  type BodyTexts,
  type MimePart,
} from '../mime/mime-tree.ts'
import { outlineOf, type Outline } from './outline.ts'
import { Personalisation } from './personalisation.ts'
import { readMail, type ReadMail } from './read-mail.ts'
import { asksForTime, type Engagement } from './schedule.ts'
import { decideTracking, type Tracking } from '../tracking/tracking.ts'

/** What everything in a submission is derived from. */
export interface KeptSubmission extends Delivery {
  readonly id: string
  readonly receivedAt: Date
}

/** A submission as the emulator keeps it: what it says is worked out when it is asked for. */
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
  readonly #context: CopyContext
  readonly #receivedAt: number
  /** It may have to wait for its time. */
  readonly asksForTime: boolean
  /** Its copies may differ in their headers. */
  readonly isPersonalised: boolean
  #read: ReadMail | undefined
  #opened: OpenedMail | undefined
  #outline: Outline | undefined
  #diagnostics: readonly Diagnostic[] | undefined
  #tracking: Tracking | undefined
  #personalisation: Personalisation | undefined
  #copies: readonly ReceivedCopy[] | undefined

  /** Of a new submission, or of one that was kept before. */
  constructor(source: Delivery | KeptSubmission, context: CopyContext) {
    const { raw, envelope, session } = source
    const { id, receivedAt } = 'receivedAt' in source ? source : arrival(context)
    this.id = id
    this.#receivedAt = receivedAt.getTime()
    this.raw = raw
    this.envelope = envelope
    this.session = session
    this.domain = domainOf(session.user ?? envelope.from)
    this.#context = context
    const { blocks, container } = openMail(raw)
    // A container shows the mail inside.
    const shown = blocks.toReversed()
    this.subject = textOf(shown, 'subject')
    this.from = textOf(shown, 'from')
    this.to = textOf(shown, 'to')
    this.messageId = textOf(shown, 'message-id') || undefined
    const { options } = readMail(blocks, container)
    this.asksForTime = asksForTime(options)
    this.isPersonalised = options.recipientVariables != null
  }

  get receivedAt(): Date {
    return new Date(this.#receivedAt)
  }

  get headers(): Submission['headers'] {
    return this.blocks.slice(0, 1).flatMap(fieldsOf)
  }

  get options(): MailgunOptions {
    return this.#readMail().options
  }

  get problems(): readonly HeaderProblem[] {
    return this.#readMail().problems
  }

  get diagnostics(): readonly Diagnostic[] {
    return (this.#diagnostics ??= this.#context.diagnose(this))
  }

  /** The headers of the message as received, and of the mail inside if it is a container. */
  get blocks(): readonly HeaderBlock[] {
    return this.#mailAsOpened.blocks
  }

  get container(): Container | undefined {
    return this.#mailAsOpened.container
  }

  /** What Mailgun has learnt of a recipient. */
  engagement(recipient: string): Engagement | undefined {
    return this.#context.engagement(recipient)
  }

  /** What the mail says to read, decoded, with unreplaced placeholders; of long bodies only the beginning. */
  texts(): BodyTexts {
    return this.#context.caches.texts.read(this.id, () => {
      const value = bodyTexts(this.#tree, readBytes)
      return { value, size: 2 * ((value.text?.length ?? 0) + (value.html?.length ?? 0)) }
    })
  }

  /** What a list shows of the body. */
  get outline(): Outline {
    return (this.#outline ??= outlineOf(this.#tree))
  }

  /** The Cc header, decoded; empty if there is none. */
  get cc(): string {
    return textOf(this.blocks.toReversed(), 'cc')
  }

  /** The Reply-To header, decoded; empty if there is none. */
  get replyTo(): string {
    return textOf(this.blocks.toReversed(), 'reply-to')
  }

  get copies(): readonly ReceivedCopy[] {
    if (!this.#copies) {
      const source = {
        submission: this,
        context: this.#context,
        personalisation: () => this.#personalise(),
        tracking: () => this.#decideTracking(),
        lastHop: (recipient: string) => this.#lastHop(recipient),
      }
      this.#copies = this.envelope.to.map(
        (recipient, at) => new ReceivedCopy(`${this.id}-${at + 1}`, recipient, source),
      )
    }
    return this.#copies
  }

  /** @deprecated Renamed to `copies`. */
  get messages(): readonly ReceivedCopy[] {
    return this.copies
  }

  /** The recipients whose servers take their copy, sooner or later. */
  get reachable(): readonly string[] {
    const { to } = this.envelope
    const failed = new Set(to.filter((recipient) => this.#fails(recipient)))
    return failed.size === 0 ? to : to.filter((recipient) => !failed.has(recipient))
  }

  /** Kept once it is asked for: most mail that a load test sends never is. */
  #readMail(): ReadMail {
    if (!this.#read) {
      const { blocks, container } = this.#mailAsOpened
      this.#read = readMail(blocks, container)
    }
    return this.#read
  }

  get #mailAsOpened(): OpenedMail {
    return (this.#opened ??= openMail(this.raw))
  }

  get #tree(): MimePart {
    return this.#context.caches.trees.read(this.id, () => {
      const value = readMimeTree(this.#mail)
      return { value, size: partBytes * countParts(value) }
    })
  }

  get #mail(): Buffer {
    return this.container?.mail ?? this.raw
  }

  /** A server without an entry takes everything. */
  #fails(recipient: string): boolean {
    const isKnown = this.#context.mx(domainOf(recipient)) !== undefined
    return isKnown && this.#lastHop(recipient).failure !== undefined
  }

  #lastHop(recipient: string): DeliveryStatus {
    const { sending, mx } = this.#context
    return lastHop(recipient, { options: this.options, sending: sending(this.domain), mx })
  }

  #decideTracking(): Tracking {
    const domain = this.#context.tracking(this.domain)
    this.#tracking ??= decideTracking(this.options, domain, () => this.texts().html !== undefined)
    return this.#tracking
  }

  #personalise(): Personalisation {
    if (!this.#personalisation) {
      const mail = this.#mail
      const { templates } = this.#context.caches
      this.#personalisation = new Personalisation({
        raw: mail,
        header: scanHeaders(mail),
        variables: this.options.recipientVariables,
        suppress: this.options.suppressHeaders,
        remember: (make) =>
          templates.read(this.id, () => {
            const value = make()
            return { value, size: value.reduce((sum, { part }) => sum + 4 * part.text.length, 0) }
          }),
      })
    }
    return this.#personalisation
  }
}

/** About what a part of a tree takes in memory. */
const partBytes = 2_000

/** How much of each body is read for diagnostics and searches: more would delay others. */
const readBytes = 400_000

/** The headers of a mail, and what is inside if it is a container. */
interface OpenedMail {
  readonly blocks: readonly HeaderBlock[]
  readonly container: Container | undefined
}

function openMail(raw: Buffer): OpenedMail {
  const block = scanHeaders(raw)
  const container = openContainer(raw, block)
  return { blocks: container ? [block, scanHeaders(container.mail)] : [block], container }
}

function arrival({ clock }: CopyContext): Pick<KeptSubmission, 'id' | 'receivedAt'> {
  return { id: randomBytes(12).toString('hex'), receivedAt: clock.now() }
}

/** The decoded value of the first field of this name, in the first block that has one; empty if none has. */
function textOf(blocks: readonly HeaderBlock[], name: string): string {
  for (const block of blocks) {
    const value = headerValue(block, name)
    if (value !== undefined) return decodeText(value)
  }
  return ''
}

function fieldsOf({ fields }: HeaderBlock): Submission['headers'] {
  return fields.map(({ name, value }) => [name, value] as const)
}
