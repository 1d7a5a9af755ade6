import { ConfigError, MailgunError } from '../../outcome/errors.ts'
import { SendTable } from './send-table.ts'
import type { FoundSend, Store, StoredSend } from '../store.ts'

/** Settings of {@link memoryStore}. */
export interface MemoryStoreSettings {
  /** How many keys are kept. Default: 100,000. */
  readonly maxKeys?: number | undefined
}

/**
 * A store in the memory of this process: it ends with it.
 *
 * When it is full, expired keys go first, then the oldest of finished sends. A key whose send is not finished, or
 * whose outcome is unknown, never goes: a store full of those refuses new keys.
 *
 * @throws {ConfigError} if `maxKeys` is not a whole number from 1.
 */
export function memoryStore({ maxKeys = 100_000 }: MemoryStoreSettings = {}): Required<Store> {
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw new ConfigError('maxKeys must be a whole number from 1.')
  }
  return new MemoryStore(maxKeys)
}

class MemoryStore implements Required<Store> {
  readonly #table = new SendTable()
  readonly #maxKeys: number

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  async reserve(key: string, record: StoredSend): Promise<StoredSend> {
    const standing = this.#table.read(key)
    if (standing) return standing
    this.#table.delete(key)
    this.#makeRoom()
    return this.#table.reserve(key, record)
  }

  async update(key: string, record: StoredSend): Promise<boolean> {
    return this.#table.update(key, record)
  }

  async read(key: string): Promise<StoredSend | undefined> {
    return this.#table.read(key)
  }

  async find(messageId: string): Promise<FoundSend | undefined> {
    return this.#table.find(messageId)
  }

  #makeRoom(): void {
    if (this.#table.size < this.#maxKeys) return
    this.#table.sweep()
    if (this.#table.size < this.#maxKeys || this.#table.dropFinished()) return
    throw new MailgunError(
      'ERR_MAILGUN_STORE',
      `The memory store is full: each of its ${this.#maxKeys} keys belongs to a send that is in progress or has an unknown outcome.`,
    )
  }
}
