import { randomUUID } from 'node:crypto'
import { DeliveryError, InvalidOptionError } from '../outcome/errors.ts'
import type { FinalMessage } from '../message/message-id.ts'
import type { MailgunMessage } from '../message/message.ts'
import { once } from '../process-wide.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { inFlight, lapsed, mismatch, unknownOutcome, unsettleable } from './failures.ts'
import { fingerprintOf } from './fingerprint.ts'
import { GuardedStore } from './guarded-store.ts'
import { checkKey } from './key.ts'
import { HeldKey, type Reservation, type Terms } from './reservation.ts'
import type { Store, StoredSend } from './store.ts'
import {
  restoreFailure,
  restoreReceipt,
  settledAsRejected,
  storeFailure,
  storeReceipt,
} from './stored-outcome.ts'

export type { Reservation } from './reservation.ts'

/** How keys are kept. Times are in milliseconds. */
export interface IdempotencySettings {
  /** How long the outcome of a send is kept. Default: 24 hours. */
  readonly lifetime?: number | undefined
  /** How long a reservation outlives a process that died before it handed the message over. Default 2 minutes. */
  readonly lease?: number | undefined
  /** How long a call of the store may take. Default 10 seconds. */
  readonly deadline?: number | undefined
  /** Called when the outcome of a send could not be stored. It must not throw. */
  readonly onOutcomeLost?: ((error: Error) => void) | undefined
}

interface SharedSend {
  readonly fingerprint: string
  readonly result: Promise<Receipt>
}

// Who asks for a key that this process is sending under waits for that send, by whatever copy of the package it came.
const shared = once('shared-sends/v1', () => new WeakMap<Store, Map<string, SharedSend>>())

/** One send for each key, however often it is asked for. */
export class Idempotency {
  readonly #store: GuardedStore
  readonly #terms: Terms
  readonly #onOutcomeLost: (error: Error) => void
  readonly #shared: Map<string, SharedSend>

  constructor(store: Store, settings: IdempotencySettings = {}) {
    const { lifetime = 86_400_000, lease = 120_000, deadline = 10_000, onOutcomeLost } = settings
    this.#store = new GuardedStore(store, deadline)
    this.#terms = { lifetime, lease }
    this.#onOutcomeLost = onOutcomeLost ?? (() => undefined)
    this.#shared = shared.get(store) ?? new Map<string, SharedSend>()
    shared.set(store, this.#shared)
  }

  /**
   * Sends the message, unless one was sent under the key before: then the outcome of that one is the answer.
   *
   * @throws {InvalidOptionError} for a key that is none or another message's, or a message that cannot be compared.
   * @throws {DeliveryError} if it was not accepted, now or then, or the store failed before anything was sent.
   */
  async run(
    key: string,
    message: FinalMessage,
    send: (reservation: Reservation) => Promise<Receipt>,
  ): Promise<Receipt> {
    checkKey(key)
    const fingerprint = fingerprintOf(message)
    const standing = this.#shared.get(key)
    if (standing) {
      if (standing.fingerprint !== fingerprint) throw mismatch()
      return standing.result
    }
    const result = this.#reserveAndSend(key, fingerprint, message, send)
    this.#shared.set(key, { fingerprint, result })
    try {
      return await result
    } finally {
      this.#shared.delete(key)
    }
  }

  /**
   * Replaces an unknown outcome by the one that the caller found out. Settling twice with the same outcome does nothing.
   *
   * @throws {InvalidOptionError} if the key names no send of unknown outcome.
   * @throws {DeliveryError} `ERR_MAILGUN_IN_FLIGHT` if the send has not ended; `ERR_MAILGUN_STORE` if the store failed.
   */
  async settle(key: string, outcome: 'accepted' | 'rejected'): Promise<void> {
    checkKey(key)
    if (outcome !== 'accepted' && outcome !== 'rejected') {
      throw new InvalidOptionError('outcome', "must be 'accepted' or 'rejected'")
    }
    const standing = await this.#store.read(key)
    if (!standing) throw unsettleable('has no send: its record has expired, or there was none')
    if (standing.state === 'reserved' || this.#shared.has(key)) throw inFlight(standing.messageId)
    if (standing.state === outcome) return
    if (standing.state === 'accepted' || standing.state === 'rejected') {
      throw unsettleable('has a send whose outcome is known: it cannot be settled differently')
    }
    const settled: StoredSend = {
      ...standing,
      state: outcome,
      expiresAt: Date.now() + this.#terms.lifetime,
      ...(outcome === 'rejected' ? { failure: settledAsRejected } : {}),
    }
    if (!(await this.#store.inTime(() => this.#store.update(key, settled)))) {
      throw unsettleable('has no send: its record has just expired')
    }
  }

  async #reserveAndSend(
    key: string,
    fingerprint: string,
    message: FinalMessage,
    send: (reservation: Reservation) => Promise<Receipt>,
  ): Promise<Receipt> {
    const { messageId } = message
    const expiresAt = Date.now() + this.#terms.lease
    const owner = randomUUID()
    const record: StoredSend = { fingerprint, owner, state: 'reserved', messageId, expiresAt }
    const standing = await this.#store.reserve(key, record)
    if (standing.owner !== owner) return answer(standing, fingerprint, message)
    const held = new HeldKey(this.#store, key, record, this.#terms)
    try {
      const receipt = await send(held)
      await this.#conclude(held, {
        state: 'accepted',
        messageId: receipt.messageId,
        receipt: storeReceipt(receipt),
      })
      return receipt
    } catch (error) {
      const isUnknown = error instanceof DeliveryError && error.outcome === 'unknown'
      if (held.isLost && !isUnknown) {
        held.abandon()
        const taken = await this.#store.read(key)
        if (!taken) throw lapsed(messageId)
        return answer(taken, fingerprint, message)
      }
      await this.#conclude(held, endingOf(error, held))
      throw error
    }
  }

  /** The outcome of the send is the answer, whether or not the store can keep it. */
  async #conclude(held: HeldKey, ending: Partial<StoredSend> | undefined): Promise<void> {
    if (!ending) {
      held.abandon()
      return
    }
    try {
      await held.conclude(ending)
    } catch (error) {
      this.#onOutcomeLost(error as Error)
    }
  }
}

const free: Partial<StoredSend> = { state: 'reserved', expiresAt: 0 }

/** The next record of a send that failed; `undefined` leaves it. */
function endingOf(error: unknown, { isHandedOver }: HeldKey): Partial<StoredSend> | undefined {
  // Whatever this error is, it does not say what became of a message that was handed over.
  if (!(error instanceof DeliveryError)) return isHandedOver ? undefined : free
  if (error.outcome === 'unknown') return { state: 'unknown', failure: storeFailure(error) }
  // What the account lacks will be mended: the same message can be sent then, and nothing was taken yet.
  if (error.outcome === 'deferred' || error.fault === 'account') return free
  return { state: 'rejected', failure: storeFailure(error) }
}

/** The outcome of an earlier send, as its caller learned it. */
function answer(standing: StoredSend, fingerprint: string, message: MailgunMessage): Receipt {
  if (standing.fingerprint !== fingerprint) throw mismatch()
  switch (standing.state) {
    case 'accepted':
      return restoreReceipt(standing, message)
    case 'rejected':
    case 'unknown':
      throw restoreFailure(standing)
    case 'handed-over':
      throw unknownOutcome(standing.messageId)
    case 'reserved':
      throw inFlight(standing.messageId)
  }
}
