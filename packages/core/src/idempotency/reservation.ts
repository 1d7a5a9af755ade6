import { reservationLost } from './failures.ts'
import type { GuardedStore } from './guarded-store.ts'
import type { StoredSend } from './store.ts'

/** What a send under a key holds while it works. */
export interface Reservation {
  /** The Message-ID to send with. */
  readonly messageId: string
  /**
   * Marks the message as handed over, durably. Awaited before the final dot: if it rejects, the dot must not be sent.
   *
   * @throws {DeliveryError} if the store failed, or another process has the key by now.
   */
  handedOver(): Promise<void>
  /** Takes the mark back, as the message was not taken after all: a process that dies before the next attempt left nothing. */
  takeBack(): void
  /**
   * Prolongs the reservation. Awaited before each attempt.
   *
   * @throws {DeliveryError} if the store failed, or another process has the key by now.
   */
  renew(): Promise<void>
}

/** How long records last, in milliseconds. */
export interface Terms {
  /** A reservation that its owner does not prolong. */
  readonly lease: number
  /** The outcome of a send. */
  readonly lifetime: number
}

/** A key that this process reserved. Its lease is renewed until the message is handed over. */
export class HeldKey implements Reservation {
  readonly #store: GuardedStore
  readonly #key: string
  readonly #terms: Terms
  #record: StoredSend
  #renewal: NodeJS.Timeout | undefined
  #isRenewing = false
  /** The last call of the store: a renewal that arrived after the mark would undo it. */
  #last: Promise<unknown> = Promise.resolve()
  /** Whether another process was found to have the key, or nothing does. */
  isLost = false

  constructor(store: GuardedStore, key: string, record: StoredSend, terms: Terms) {
    this.#store = store
    this.#key = key
    this.#record = record
    this.#terms = terms
    this.#renewInTime()
  }

  get messageId(): string {
    return this.#record.messageId
  }

  get isHandedOver(): boolean {
    return this.#record.state === 'handed-over'
  }

  async renew(): Promise<void> {
    await this.#hold(this.#record)
  }

  async handedOver(): Promise<void> {
    clearInterval(this.#renewal)
    try {
      await this.#hold({ ...this.#record, state: 'handed-over' })
    } catch (error) {
      this.#renewInTime()
      throw error
    }
  }

  takeBack(): void {
    if (!this.isHandedOver) return
    this.#record = { ...this.#record, state: 'reserved' }
    // Whoever renews next learns of a store that failed.
    this.#hold(this.#record).catch(() => undefined)
    this.#renewInTime()
  }

  /**
   * Ends the reservation with the outcome of the send.
   *
   * @throws {ConfigError | DeliveryError} if that could not be kept.
   */
  async conclude(ending: Partial<StoredSend>): Promise<void> {
    clearInterval(this.#renewal)
    await this.#write({ ...this.#record, expiresAt: Date.now() + this.#terms.lifetime, ...ending })
  }

  /** Ends the reservation and leaves the record as it is. */
  abandon(): void {
    clearInterval(this.#renewal)
  }

  async #hold(record: StoredSend): Promise<void> {
    const { lease, lifetime } = this.#terms
    const term = record.state === 'reserved' ? lease : lifetime
    const held = { ...record, expiresAt: Date.now() + term }
    if (!(await this.#write(held))) {
      this.isLost = true
      throw reservationLost(record.messageId)
    }
    this.#record = held
  }

  #write(record: StoredSend): Promise<boolean> {
    return this.#store.inTime(() => {
      const written = this.#last.then(() => this.#store.update(this.#key, record))
      this.#last = written.catch(() => undefined)
      return written
    })
  }

  #renewInTime(): void {
    this.#renewal = setInterval(() => void this.#renewOnce(), this.#terms.lease / 3)
    this.#renewal.unref()
  }

  async #renewOnce(): Promise<void> {
    if (this.#isRenewing) return
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
