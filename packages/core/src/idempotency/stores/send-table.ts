import { bareMessageId, type FoundSend, type StoredSend } from '../store.ts'

/** Records by key, in memory: what a store promises, in one synchronous step each. */
export class SendTable {
  readonly #records = new Map<string, StoredSend>()
  /** The keys of finished sends, the longest unchanged first. */
  readonly #finished = new Set<string>()
  /** The keys of sends by their Message-ID, without angle brackets. */
  readonly #keys = new Map<string, string>()
  /** No record expires before. */
  #earliest = Infinity

  /** How many records there are, expired ones included until they are swept. */
  get size(): number {
    return this.#records.size
  }

  read(key: string): StoredSend | undefined {
    const record = this.#records.get(key)
    return record && isLive(record) ? record : undefined
  }

  /** The send with a Message-ID, in either of its forms. */
  find(messageId: string): FoundSend | undefined {
    const key = this.#keys.get(bareMessageId(messageId))
    const record = key === undefined ? undefined : this.read(key)
    return key !== undefined && record ? { key, record } : undefined
  }

  reserve(key: string, record: StoredSend): StoredSend {
    const standing = this.read(key)
    if (standing) return standing
    this.set(key, record)
    return record
  }

  update(key: string, record: StoredSend): boolean {
    if (this.read(key)?.owner !== record.owner) return false
    this.set(key, record)
    return true
  }

  set(key: string, record: StoredSend): void {
    this.delete(key)
    if (!isLive(record)) return
    this.#records.set(key, record)
    this.#earliest = Math.min(this.#earliest, record.expiresAt)
    if (finished.has(record.state)) this.#finished.add(key)
    if (record.messageId !== '') this.#keys.set(bareMessageId(record.messageId), key)
  }

  delete(key: string): void {
    const record = this.#records.get(key)
    if (!record) return
    this.#records.delete(key)
    this.#finished.delete(key)
    const messageId = bareMessageId(record.messageId)
    if (this.#keys.get(messageId) === key) this.#keys.delete(messageId)
  }

  /** Drops what has expired. */
  sweep(): void {
    if (Date.now() < this.#earliest) return
    this.#earliest = Infinity
    for (const [key, record] of this.#records) {
      if (isLive(record)) this.#earliest = Math.min(this.#earliest, record.expiresAt)
      else this.delete(key)
    }
  }

  /** Drops the finished send that was the longest unchanged; `false` if there is none. */
  dropFinished(): boolean {
    for (const key of this.#finished) {
      this.delete(key)
      return true
    }
    return false
  }

  entries(): IterableIterator<[string, StoredSend]> {
    return this.#records.entries()
  }
}

/** What can be forgotten when there is no room: what is unknown must not. */
const finished: ReadonlySet<StoredSend['state']> = new Set(['accepted', 'rejected', 'deferred'])

function isLive({ expiresAt }: StoredSend): boolean {
  return expiresAt > Date.now()
}
