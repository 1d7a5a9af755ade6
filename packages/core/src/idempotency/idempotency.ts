import { envelopeOf, recipientsOf } from '../message/envelope.ts'
import type { FinalMessage } from '../message/message-id.ts'
import { conclude, verdictOf } from '../outcome/conclusion.ts'
import { DeliveryError } from '../outcome/errors.ts'
import { receiptOf, type Receipt } from '../outcome/receipt.ts'
import {
  thoseWith,
  untriedList,
  withReason,
  type RecipientList,
} from '../outcome/recipient-list.ts'
import { once } from '../process-wide.ts'
import { inFlight, lapsed, mismatch } from './failures.ts'
import { fingerprintOf } from './fingerprint.ts'
import { GuardedStore } from './guarded-store.ts'
import { checkKey } from './key.ts'
import { HeldKey, reservedRecord, type Reservation, type Terms } from './reservation.ts'
import { isOpen, SendParts } from './send-parts.ts'
import { Settlement, type SettleSettings } from './settlement.ts'
import type { Store, StoredSend } from './store.ts'

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

/** A send under its key. */
interface KeyedSend {
  readonly key: string
  readonly fingerprint: string
  readonly message: FinalMessage
  readonly send: (reservation: Reservation) => Promise<Receipt>
}

/** One mail for each key and recipient, however often it is asked for. */
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
   * Sends the message, unless one was sent under the key before. Then the outcome of that one is the answer; if it left
   * recipients to whom it can be sent again, it is sent to those, and the answer covers all.
   *
   * @throws {InvalidOptionError} for a key that is none or another message's, or a message that cannot be compared.
   * @throws {DeliveryError} if it was not accepted, now or then, or the store failed before anything was sent.
   */
  async run(key: string, message: FinalMessage, send: KeyedSend['send']): Promise<Receipt> {
    checkKey(key)
    const fingerprint = fingerprintOf(message)
    const standing = this.#shared.get(key)
    if (standing) {
      if (standing.fingerprint !== fingerprint) throw mismatch()
      return standing.result
    }
    const result = this.#begin({ key, fingerprint, message, send })
    this.#shared.set(key, { fingerprint, result })
    try {
      return await result
    } finally {
      this.#shared.delete(key)
    }
  }

  /**
   * Ends the unknown outcome of a send, or of one of its recipients, by what was found out. Settling as it already is does
   * nothing.
   *
   * @throws {InvalidOptionError} if the key has no send, or no recipient of it is unknown.
   * @throws {DeliveryError} `ERR_MAILGUN_IN_FLIGHT` if the send has not ended; `ERR_MAILGUN_STORE` if the store failed.
   */
  async settle(
    keyOrMessageId: string,
    outcome: 'accepted' | 'rejected',
    settings: SettleSettings = {},
  ): Promise<void> {
    const settlement = new Settlement(outcome, settings, this.#terms.lifetime)
    await settlement.make(this.#store, keyOrMessageId, (key) => this.#shared.has(key))
  }

  async #begin(keyed: KeyedSend): Promise<Receipt> {
    const { key, fingerprint, message } = keyed
    const record = reservedRecord(fingerprint, message.messageId, this.#terms)
    const standing = await this.#store.reserve(key, record)
    if (standing.owner !== record.owner) return this.#goOn(keyed, standing)
    return this.#send(keyed, record, new SendParts({ key, record }))
  }

  /** The outcome of an earlier send, and a further send for the recipients that it left open. */
  async #goOn(keyed: KeyedSend, standing: StoredSend): Promise<Receipt> {
    const { key, fingerprint, message } = keyed
    if (standing.fingerprint !== fingerprint) throw mismatch()
    const parts = await SendParts.read(this.#store, { key, record: standing }, message)
    const { recipients = [], messageId } = parts
    if (parts.isReserved) throw inFlight(messageId)
    if (!recipients.some(isOpen)) return ended(parts, recipients, message)
    const record = reservedRecord(fingerprint, '', this.#terms)
    const other = await this.#store.reserve(parts.nextKey, record)
    if (other.owner !== record.owner) throw inFlight(messageId)
    return this.#send(keyed, record, parts)
  }

  async #send(keyed: KeyedSend, record: StoredSend, parts: SendParts): Promise<Receipt> {
    const key = parts.nextKey
    const before = parts.attempts
    const held = new HeldKey(this.#store, { key, record, parts }, this.#terms)
    try {
      const receipt = await keyed.send(held)
      const recipients = held.recipients ?? receipt.recipients
      await this.#keep(() =>
        held.conclude(recipients, { from: receipt.envelope.from, attempts: receipt.attempts }),
      )
      return before === 0
        ? receipt
        : receiptOf(receipt.recipients, {
            messageId: receipt.messageId,
            from: receipt.envelope.from,
            attempts: before + receipt.attempts,
          })
    } catch (error) {
      if (held.isLost && !isUnknown(error)) {
        held.abandon()
        return this.#afterLoss(keyed, parts.messageId)
      }
      await this.#concludeFailed(held, error, keyed.message)
      throw error
    }
  }

  /** The key was lost before anything was handed over under it. */
  async #afterLoss(keyed: KeyedSend, messageId: string): Promise<Receipt> {
    const taken = await this.#store.read(keyed.key)
    if (!taken) throw lapsed(messageId)
    return this.#goOn(keyed, taken)
  }

  async #concludeFailed(held: HeldKey, error: unknown, message: FinalMessage): Promise<void> {
    const { recipients } = held
    if (error instanceof DeliveryError) {
      const list = recipients ?? (error.recipients.length > 0 ? error.recipients : undefined)
      const known = list ?? withReason(untriedList(recipientsOf(message)), verdictOf(error))
      await this.#keep(() =>
        held.conclude(known, { from: envelopeOf(message).from, attempts: error.attempts }),
      )
      return
    }
    // Whatever this error is, it does not tell the outcome of a message that was handed over.
    if (held.isHandedOver) held.abandon()
    else await this.#keep(() => held.free())
  }

  /** The outcome of the send is the answer, whether or not the store can keep it. */
  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#onOutcomeLost(error as Error)
    }
  }
}

/** The answer of a send that has ended. */
function ended(parts: SendParts, recipients: RecipientList, message: FinalMessage): Receipt {
  const { messageId, attempts } = parts
  return conclude({
    messageId,
    from: parts.from ?? envelopeOf(message).from,
    recipients,
    // A receipt was tried at least once, though the process that tried died before it could say so.
    attempts: attempts === 0 && thoseWith(recipients, 'accepted').length > 0 ? 1 : attempts,
  })
}

function isUnknown(error: unknown): boolean {
  return error instanceof DeliveryError && error.outcome === 'unknown'
}
