import type { JsonObject } from '@mailgun-smtp/core/headers'
import { decodeWords } from 'postal-mime'
import { madeMessageId, stampFields } from './added-headers.ts'
import type { MessageContent } from './content.ts'
import type { MailRoom } from './mail-room.ts'
import type { Personalisation } from './personalisation.ts'
import type { RecipientValues } from './placeholders.ts'
import { deliveryTime, type DeliveryTime } from './schedule.ts'
import type { Submission } from './submission.ts'
import type { Tracking } from './tracking.ts'

/** What became of a copy: it waits for its time, it is in the recipient's hands, or `dropMessage` ended it. */
export type MessageState = 'scheduled' | 'delivered' | 'dropped'

/** What one recipient gets: with recipient variables a copy of their own, else the message as it was sent. */
export interface Message {
  readonly id: string
  readonly submission: Submission
  /** The address, as in RCPT. */
  readonly recipient: string
  readonly state: MessageState
  /** Undefined if the message asks for no time, or is dropped. */
  readonly scheduledFor: Date | undefined
  /** When Mailgun stops trying: `deliverWithin` after the scheduled time. Here delivery never fails. */
  readonly expiresAt: Date | undefined
  /** Undefined until then. */
  readonly deliveredAt: Date | undefined
  /** With angle brackets: the submission's, or the one that Mailgun makes. */
  readonly messageId: string
  /** What Mailgun tracks. The emulator itself puts in no pixel and rewrites no link. */
  readonly tracking: Tracking
  /** Decoded, as all header texts here. */
  readonly subject: string
  readonly from: string
  /** The To header; in a personalised copy the recipient alone. */
  readonly to: string
  /** Unfolded, as delivered: with this recipient's values and what Mailgun adds, without what it takes out. */
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
}

/** One recipient's copy of a submission, worked out when it is looked at. */
export class Copy implements Message {
  readonly id: string
  readonly recipient: string
  readonly #source: CopySource
  #headers: Message['headers'] | undefined
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
    return this.dueAt > this.#source.room.clock.now().getTime() ? 'scheduled' : 'delivered'
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

  get messageId(): string {
    return this.submission.messageId ?? madeMessageId(this.submission)
  }

  get tracking(): Tracking {
    return this.#source.tracking()
  }

  get headers(): Message['headers'] {
    this.#headers ??= this.#personalisation.fieldsOf(this.#recipientValues, this.#added)
    return this.#headers
  }

  get subject(): string {
    return headerText(this.headers, 'subject')
  }

  get from(): string {
    return headerText(this.headers, 'from')
  }

  get to(): string {
    return headerText(this.headers, 'to')
  }

  get variables(): JsonObject {
    return this.#recipientValues.variables
  }

  get unreplaced(): readonly string[] {
    return this.#personalisation.unreplaced(this.#recipientValues)
  }

  get raw(): Buffer {
    return this.#personalisation.sourceOf(this.#recipientValues, this.#added)
  }

  load(): Promise<MessageContent> {
    // Without recipient variables all copies share one body.
    const key = this.#personalisation.isPersonalised ? this.id : this.submission.id
    return this.#source.room.cache.read(key, () => this.raw)
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
  return value === undefined ? '' : decodeWords(value)
}
