import { randomUUID } from 'node:crypto'
import { recipientForm } from '../outcome/recipient-form.ts'
import type { RecipientList } from '../outcome/recipient-list.ts'
import { inFlight, reservationLost } from './failures.ts'
import type { GuardedStore } from './guarded-store.ts'
import { isOpen, reopened, type SendParts } from './send-parts.ts'
import { recordVersion, type StoredSend } from './store.ts'
import { stateOf, storeRecipients } from './stored-recipients.ts'

/** What a send under a key holds while it works. */
export interface Reservation {
  /** The Message-ID to send with. */
  readonly messageId: string
  /** What an earlier send under the key left, if it left recipients to send to: only those are to be sent to. */
  readonly known: RecipientList | undefined
  /**
   * Prolongs the reservation. Awaited before each attempt.
   *
   * @throws {DeliveryError} if the store failed, or the key has another owner by now.
   */
  renew(): Promise<void>
  /**
   * Marks the message as handed over, durably. Awaited before the final dot: if it rejects, the dot must not be sent.
   *
   * @param ifLost What is known of every recipient if no reply comes. Default: nothing.
   * @throws {DeliveryError} if the store failed, or the key has another owner by now.
   */
  handedOver(ifLost?: RecipientList): Promise<void>
  /** Told of every recipient after each attempt. */
  learn(recipients: RecipientList, attempts: number): void
  /** Told that another attempt follows. If the process dies before it, what is known by now counts. */
  pause(): void
}

/** How long records last, in milliseconds. */
export interface Terms {
  /** A reservation that its owner does not prolong. */
  readonly lease: number
  /** The outcome of a send. */
  readonly lifetime: number
}

/** What a send reserved: the key itself, or the part of a send that an earlier one left open. */
export interface Held {
  readonly key: string
  readonly record: StoredSend
  /** The send's own record, and its parts so far. */
  readonly parts: SendParts
}

/**
 * A key that this process reserved. Its lease is renewed until the message is handed over. When a message was taken for some of
 * its recipients and the others are tried again, those are a part of their own: so each record says one thing, once.
 */
export class HeldKey implements Reservation {
  readonly #store: GuardedStore
  readonly #terms: Terms
  readonly #parts: SendParts
  #key: string
  #record: StoredSend
  #renewal: NodeJS.Timeout | undefined
  #isRenewing = false
  /** The last call of the store: a renewal that arrived after the mark would undo it. */
  #last: Promise<unknown> = Promise.resolve()
  /** Every recipient of the message, as far as the send has told. */
  #recipients: RecipientList | undefined
  #attempts = 0
  /** Whether the record was ended, as its recipients to be sent to again need a part of their own. */
  #isEnded = false
  /** Whether the key was found to have another owner, or none. */
  isLost = false

  constructor(store: GuardedStore, { key, record, parts }: Held, terms: Terms) {
    this.#store = store
    this.#key = key
    this.#record = record
    this.#parts = parts
    this.#terms = terms
    this.#renewInTime()
  }

  get messageId(): string {
    return this.#parts.messageId
  }

  get known(): RecipientList | undefined {
    const { recipients } = this.#parts
    return recipients && reopened(recipients)
  }

  get isHandedOver(): boolean {
    return this.#record.state === 'handed-over'
  }

  /** Every recipient of the message, as far as the send has told. */
  get recipients(): RecipientList | undefined {
    return this.#recipients
  }

  async renew(): Promise<void> {
    if (this.#isEnded) await this.#beginPart()
    else await this.#hold(this.#record)
  }

  async handedOver(ifLost?: RecipientList): Promise<void> {
    clearInterval(this.#renewal)
    const own = ifLost && this.#own(ifLost)
    try {
      await this.#hold({
        ...this.#record,
        state: 'handed-over',
        ...(own && own.length > 0 ? { recipients: storeRecipients(own) } : {}),
      })
    } catch (error) {
      this.#renewInTime()
      throw error
    }
  }

  learn(recipients: RecipientList, attempts: number): void {
    this.#recipients = recipients
    this.#attempts = attempts
  }

  pause(): void {
    if (!this.isHandedOver || !this.#recipients) return
    const own = this.#own(this.#recipients)
    if (own.every(isOpen)) {
      // Nothing was taken: a process that dies before the next attempt left nothing.
      this.#takeBack()
    } else if (own.some(isOpen)) {
      this.#isEnded = true
      // If this write is lost, the mark stays: those who may have a copy are unknown.
      this.#write(this.#ended(own)).catch(() => undefined)
    }
  }

  /**
   * Ends the reservation with the outcome of the send.
   *
   * @throws {ConfigError | DeliveryError} if that could not be kept.
   */
  async conclude(
    recipients: RecipientList,
    { from, attempts }: { readonly from: string; readonly attempts: number },
  ): Promise<void> {
    clearInterval(this.#renewal)
    // Ended already, and its part was never begun: what is open there is free.
    if (this.#isEnded) return
    const own = this.#own(recipients)
    if (own.every(isOpen)) await this.#write({ ...this.#record, state: 'reserved', expiresAt: 0 })
    else await this.#write({ ...this.#ended(own), from, attempts })
  }

  /** Ends the reservation of a send that handed nothing over. */
  async free(): Promise<void> {
    clearInterval(this.#renewal)
    if (!this.#isEnded) await this.#write({ ...this.#record, state: 'reserved', expiresAt: 0 })
  }

  /** Ends the reservation and leaves the record as it is. */
  abandon(): void {
    clearInterval(this.#renewal)
  }

  /** Those of a list that no earlier record speaks of for good. */
  #own(recipients: RecipientList): RecipientList {
    const { concluded } = this.#parts
    if (concluded.size === 0) return recipients
    return recipients.filter(({ address }) => !concluded.has(recipientForm(address)))
  }

  #ended(own: RecipientList): StoredSend {
    return {
      ...this.#record,
      state: stateOf(own),
      recipients: storeRecipients(own),
      attempts: this.#attempts,
      expiresAt: Date.now() + this.#terms.lifetime,
    }
  }

  /** Reserves the part of those that are sent to again. */
  async #beginPart(): Promise<void> {
    await this.#last
    const own = this.#own(this.#recipients ?? [])
    this.#parts.add(own, this.#ended(own))
    const key = this.#parts.nextKey
    const record = reservedRecord(this.#record.fingerprint, '', this.#terms)
    const standing = await this.#store.reserve(key, record)
    if (standing.owner !== record.owner) throw inFlight(this.messageId)
    this.#key = key
    this.#record = record
    this.#isEnded = false
    this.#renewInTime()
  }

  #takeBack(): void {
    this.#record = { ...this.#record, state: 'reserved', recipients: undefined }
    // The next renewal reports a store that failed.
    this.#hold(this.#record).catch(() => undefined)
    this.#renewInTime()
  }

  async #hold(record: StoredSend): Promise<void> {
    const { lease, lifetime } = this.#terms
    const term = record.state === 'reserved' ? lease : lifetime
    const held = { ...record, expiresAt: Date.now() + term }
    if (!(await this.#write(held))) {
      this.isLost = true
      throw reservationLost(this.messageId)
    }
    this.#record = held
  }

  #write(record: StoredSend): Promise<boolean> {
    const key = this.#key
    return this.#store.inTime(() => {
      const written = this.#last.then(() => this.#store.update(key, record))
      this.#last = written.catch(() => undefined)
      return written
    })
  }

  #renewInTime(): void {
    clearInterval(this.#renewal)
    this.#renewal = setInterval(() => void this.#renewOnce(), this.#terms.lease / 3)
    this.#renewal.unref()
  }

  async #renewOnce(): Promise<void> {
    if (this.#isRenewing || this.#isEnded) return
    this.#isRenewing = true
    try {
      await this.#hold(this.#record)
    } catch {
      // Two more renewals fit into the lease, and if all fail the mark does too: nothing goes out unprotected.
    } finally {
      this.#isRenewing = false
    }
  }
}

/** A record that reserves a key for a send of this process. */
export function reservedRecord(
  fingerprint: string,
  messageId: string,
  { lease }: Terms,
): StoredSend {
  return {
    version: recordVersion,
    fingerprint,
    owner: randomUUID(),
    state: 'reserved',
    messageId,
    expiresAt: Date.now() + lease,
  }
}
