import type { JsonObject } from '@mailgun-smtp/core/headers'
import { madeMessageId, stampFields } from './added-headers.ts'
import { contentBytes, readContent, type CopyContent } from './content.ts'
import { dkimSignatures, signersOf } from '../dkim/dkim-signature.ts'
import { headerText, writeField } from '../mime/field-text.ts'
import type { DeliveryStatus } from './last-hop.ts'
import type { CopyContext } from './copy-context.ts'
import type { Copy, CopyState, Submission } from './message.ts'
import type { Click, Open } from '../tracking/opens-and-clicks.ts'
import type { Personalisation } from './personalisation.ts'
import type { RecipientValues } from './placeholders.ts'
import { deliveryTime, type DeliveryTime } from './schedule.ts'
import { trackCopy, type TrackedCopy } from '../tracking/tracked-copy.ts'
import { isTracked, type Tracking } from '../tracking/tracking.ts'

/** What a copy has of its submission. */
export interface CopySource {
  readonly submission: Submission
  readonly context: CopyContext
  readonly personalisation: () => Personalisation
  readonly tracking: () => Tracking
  readonly lastHop: (recipient: string) => DeliveryStatus
}

/** One recipient's copy of a submission, worked out when it is looked at. */
export class ReceivedCopy implements Copy {
  readonly id: string
  readonly recipient: string
  readonly #source: CopySource
  #headers: Copy['headers'] | undefined
  #fields: Copy['headers'] | undefined
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

  get state(): CopyState {
    if (this.submission.options.dropMessage === true) return 'dropped'
    if (this.dueAt > this.#source.context.clock.time()) return 'scheduled'
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
    return this.#source.context.opensAndClicks.opens(this.id)
  }

  get clicks(): readonly Click[] {
    return this.#source.context.opensAndClicks.clicks(this.id)
  }

  /** Where its tracked link at this place leads, from 0. */
  urlAt(link: number): string | undefined {
    return this.#tracked.links[link]?.url
  }

  get headers(): Copy['headers'] {
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

  load(): Promise<CopyContent> {
    // Without recipient variables and tracking all copies share one body.
    const isOwn = this.#personalisation.isPersonalised || isTracked(this.tracking)
    const { caches } = this.#source.context
    const content = caches.contents.read(isOwn ? this.id : this.submission.id, () => {
      const tracked = this.#tracked
      const value = readContent(tracked)
      // Attachments are decoded from the source when they are read.
      return { value, size: contentBytes(value) + tracked.source.length }
    })
    return Promise.resolve(content)
  }

  get #unsignedFields(): Copy['headers'] {
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
    const { addresses } = this.#source.context
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
      const { submission, context } = this.#source
      const signers = signersOf(submission, context.sending(submission.domain)?.dkim ?? true)
      this.#signatures = dkimSignatures(unsigned(), signers, new Date(this.dueAt))
    }
    return this.#signatures
  }

  get #deliveryTime(): DeliveryTime {
    const { submission, context } = this.#source
    const { options, receivedAt } = submission
    this.#time ??= deliveryTime(options, receivedAt.getTime(), context.engagement(this.recipient))
    return this.#time
  }

  get #personalisation(): Personalisation {
    return this.#source.personalisation()
  }

  get #added(): Copy['headers'] {
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
