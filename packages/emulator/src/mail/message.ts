import type { JsonObject } from '@mailgun-smtp/core/headers'
import { decodeWords } from 'postal-mime'
import { madeMessageId, stampFields } from './added-headers.ts'
import type { MessageContent } from './content.ts'
import { dkimSignatures, signersOf } from './dkim-signature.ts'
import { writeField } from './field-text.ts'
import type { DeliveryStatus } from './last-hop.ts'
import type { MailRoom } from './mail-room.ts'
import type { Click, Open } from './opens-and-clicks.ts'
import type { Personalisation } from './personalisation.ts'
import type { RecipientValues } from './placeholders.ts'
import { deliveryTime, type DeliveryTime } from './schedule.ts'
import type { Submission } from './submission.ts'
import { trackCopy, type TrackedCopy } from './tracked-copy.ts'
import { isTracked, type Tracking } from './tracking.ts'

/**
 * What became of a copy: it waits for its time, it is in the recipient's hands, the recipient's server did not get it, or
 * `dropMessage` ended it.
 */
export type MessageState = 'scheduled' | 'delivered' | 'failed' | 'dropped'

/** What one recipient gets: with recipient variables a copy of their own, else the message as it was sent. */
export interface Message {
  readonly id: string
  readonly submission: Submission
  /** The address, as in RCPT. */
  readonly recipient: string
  readonly state: MessageState
  /** Undefined if the message asks for no time, or is dropped. */
  readonly scheduledFor: Date | undefined
  /** When Mailgun stops trying: `deliverWithin` after the scheduled time. Here nothing is tried twice. */
  readonly expiresAt: Date | undefined
  /** Undefined until then. */
  readonly deliveredAt: Date | undefined
  /** How it went to the recipient's server; undefined until then, and if it is dropped. */
  readonly deliveryStatus: DeliveryStatus | undefined
  /** With angle brackets: the submission's, or the one that Mailgun makes. */
  readonly messageId: string
  /** What is tracked: where clicks are, the copy's links are rewritten; where opens are, it has a pixel. */
  readonly tracking: Tracking
  /** When its pixel was loaded, in order. */
  readonly opens: readonly Open[]
  /** When which of its tracked links were followed, in order. */
  readonly clicks: readonly Click[]
  /** Decoded, as all header texts here. */
  readonly subject: string
  readonly from: string
  /** The To header; in a personalised copy the recipient alone. */
  readonly to: string
  /** Unfolded, as delivered: with this recipient's values and what Mailgun adds, without what it takes out; signed. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** This recipient's own variables. */
  readonly variables: JsonObject
  /** Placeholders such as `%recipient.first%` that the recipient would read as they stand. */
  readonly unreplaced: readonly string[]
  /** The copy as source. */
  readonly raw: Buffer
  /** Decodes the body. */
  load(): Promise<MessageContent>
}

/** What a copy has of its submission. */
export interface CopySource {
  readonly submission: Submission
  readonly room: MailRoom
  readonly personalisation: () => Personalisation
  readonly tracking: () => Tracking
  readonly lastHop: (recipient: string) => DeliveryStatus
}

/** One recipient's copy of a submission, worked out when it is looked at. */
export class Copy implements Message {
  readonly id: string
  readonly recipient: string
  readonly #source: CopySource
  #headers: Message['headers'] | undefined
  #fields: Message['headers'] | undefined
  #signatures: readonly string[] | undefined
  #values: RecipientValues | undefined
  #time: DeliveryTime | undefined

  constructor(id: string, recipient: string, source: CopySource) {
    this.id = id
    this.recipient = recipient
    this.#source = source
  }

  get submission(): Submission {
    return this.#source.submission
  }

  get state(): MessageState {
    if (this.submission.options.dropMessage === true) return 'dropped'
    if (this.dueAt > this.#source.room.clock.time()) return 'scheduled'
    return this.#lastHop.failure === undefined ? 'delivered' : 'failed'
  }

  /** When it is delivered unless it is dropped, in milliseconds since 1970. */
  get dueAt(): number {
    return this.#deliveryTime.at
  }

  get scheduledFor(): Date | undefined {
    const isLater = this.dueAt > this.submission.receivedAt.getTime()
    return isLater && this.state !== 'dropped' ? new Date(this.dueAt) : undefined
  }

  get expiresAt(): Date | undefined {
    const { until } = this.#deliveryTime
    return until === undefined || this.state === 'dropped' ? undefined : new Date(until)
  }

  get deliveredAt(): Date | undefined {
    return this.state === 'delivered' ? new Date(this.dueAt) : undefined
  }

  get deliveryStatus(): DeliveryStatus | undefined {
    const { state } = this
    return state === 'delivered' || state === 'failed' ? this.#lastHop : undefined
  }

  get messageId(): string {
    return this.submission.messageId ?? madeMessageId(this.submission)
  }

  get tracking(): Tracking {
    return this.#source.tracking()
  }

  get opens(): readonly Open[] {
    return this.#source.room.opensAndClicks.opens(this.id)
  }

  get clicks(): readonly Click[] {
    return this.#source.room.opensAndClicks.clicks(this.id)
  }

  /** Where its tracked link at this place leads, from 0. */
  urlAt(link: number): string | undefined {
    return this.#tracked.links[link]?.url
  }

  get headers(): Message['headers'] {
    this.#headers ??= [
      ...this.#sign(() => this.#unsignedSource).map((value) => ['DKIM-Signature', value] as const),
      ...this.#unsignedFields,
    ]
    return this.#headers
  }

  get subject(): string {
    return headerText(this.#unsignedFields, 'subject')
  }

  get from(): string {
    return headerText(this.#unsignedFields, 'from')
  }

  get to(): string {
    return headerText(this.#unsignedFields, 'to')
  }

  get variables(): JsonObject {
    return this.#recipientValues.variables
  }

  get unreplaced(): readonly string[] {
    return this.#personalisation.unreplaced(this.#recipientValues)
  }

  get raw(): Buffer {
    const unsigned = this.#unsignedSource
    const signatures = this.#sign(() => unsigned).map((value) =>
      writeField('DKIM-Signature', value),
    )
    return Buffer.concat([Buffer.from(signatures.join('')), unsigned])
  }

  load(): Promise<MessageContent> {
    // Without recipient variables and tracking all copies share one body.
    const isOwn = this.#personalisation.isPersonalised || isTracked(this.tracking)
    return this.#source.room.cache.read(isOwn ? this.id : this.submission.id, () => this.#tracked)
  }

  get #unsignedFields(): Message['headers'] {
    this.#fields ??= this.#personalisation.fieldsOf(this.#recipientValues, this.#added)
    return this.#fields
  }

  get #unsignedSource(): Buffer {
    return this.#tracked.source
  }

  get #tracked(): TrackedCopy {
    const { id, submission, tracking } = this
    const source = this.#personalisation.sourceOf(this.#recipientValues, this.#added)
    if (!isTracked(tracking)) return { source, links: [], pixel: undefined }
    const { addresses } = this.#source.room
    return trackCopy(source, tracking, {
      link: (link) => addresses.make('c', submission.domain, { copyId: id, link }),
      pixel: () => addresses.make('o', submission.domain, { copyId: id, link: 0 }),
    })
  }

  get #lastHop(): DeliveryStatus {
    return this.#source.lastHop(this.recipient)
  }

  /** Only who looks at the header or the source pays for it. */
  #sign(unsigned: () => Buffer): readonly string[] {
    if (!this.#signatures) {
      const { submission, room } = this.#source
      const signers = signersOf(submission, room.sending(submission.domain)?.dkim ?? true)
      this.#signatures = dkimSignatures(unsigned(), signers, new Date(this.dueAt))
    }
    return this.#signatures
  }

  get #deliveryTime(): DeliveryTime {
    const { submission, room } = this.#source
    const { options, receivedAt } = submission
    this.#time ??= deliveryTime(options, receivedAt.getTime(), room.engagement(this.recipient))
    return this.#time
  }

  get #personalisation(): Personalisation {
    return this.#source.personalisation()
  }

  get #added(): Message['headers'] {
    const { submission, recipient } = this
    const written = this.#personalisation.fieldsOf(this.#recipientValues, [])
    return stampFields({
      submission,
      recipient,
      from: headerText(written, 'from'),
      isBatch: this.#personalisation.isPersonalised,
      sendingIp: submission.options.sendingIp ?? undefined,
    })
  }

  get #recipientValues(): RecipientValues {
    this.#values ??= this.#personalisation.valuesOf(this.recipient)
    return this.#values
  }
}

/** The decoded value of the first header of this name; empty if there is none. */
export function headerText(headers: Message['headers'], name: string): string {
  const value = headers.find(([each]) => each.toLowerCase() === name)?.[1]
  return value === undefined ? '' : decodedText(value)
}

/** A header's value with its encoded words decoded, of which most have none. */
export function decodedText(value: string): string {
  return value.includes('=?') ? decodeWords(value) : value
}
