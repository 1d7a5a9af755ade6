import { createHash, randomUUID } from 'node:crypto'
import { GuardedStore } from '../idempotency/guarded-store.ts'
import type { Store } from '../idempotency/store.ts'
import type { Chunk } from './chunk.ts'

/** How long cuts are kept, in milliseconds: a batch continued after its receipts are gone must not be taken for a new one. */
const cutLifetime = 30 * 24 * 60 * 60 * 1000

/** How long the store may take, in milliseconds. */
const storeDeadline = 10_000

/** The result of looking at a cut. */
export type CutState = 'right' | 'changed' | 'forgotten'

/**
 * Remembers who was in each chunk, before it is sent. The key of a send that was deferred is free again, so the receipts
 * alone would not show that a recipient moved from a chunk that was accepted to one that was not.
 */
export class Cuts {
  readonly #key: string
  readonly #store: GuardedStore
  readonly #lifetime: number
  readonly #owner = randomUUID()

  constructor(key: string, store: Store, lifetime: number) {
    // Leaves room for the number.
    this.#key = key.length <= 200 ? key : createHash('sha256').update(key).digest('hex')
    this.#store = new GuardedStore(store, storeDeadline)
    this.#lifetime = lifetime
  }

  /** The idempotency key of a chunk. */
  keyOf({ number }: Chunk): string {
    return `${this.#key}:${number}`
  }

  /**
   * Compares a chunk with what was cut here before, if anything was.
   *
   * @throws {ConfigError | DeliveryError} if the store fails.
   */
  async look(chunk: Chunk): Promise<CutState> {
    const now = Date.now()
    const fingerprint = fingerprintOf(chunk)
    const kept = await this.#store.reserve(`${this.keyOf(chunk)}:cut`, {
      fingerprint,
      owner: this.#owner,
      // A record that any store keeps, and none takes for a send that is under way.
      state: 'accepted',
      messageId: '',
      expiresAt: now + cutLifetime,
    })
    if (kept.owner === this.#owner) return 'right'
    if (kept.fingerprint !== fingerprint) return 'changed'
    return now - (kept.expiresAt - cutLifetime) < this.#lifetime ? 'right' : 'forgotten'
  }
}

/** The recipients that can be sent to, each with the variables. */
function fingerprintOf({ rows }: Chunk): string {
  const hash = createHash('sha256')
  for (const { addressee } of rows) hash.update(`${addressee?.json ?? ''}\n`)
  return hash.digest('hex')
}
