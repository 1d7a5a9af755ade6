import type { StoredSend } from '../store.ts'

/** Records by key, in memory: what a store promises, in one synchronous step each. */
export class SendTable {
  readonly #records = new Map<string, StoredSend>()
  /** The keys of finished sends, the longest unchanged first. */
  readonly #finished = new Set<string>()
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
    if (record.state === 'accepted' || record.state === 'rejected') this.#finished.add(key)
  }

  delete(key: string): void {
    this.#records.delete(key)
    this.#finished.delete(key)
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

function isLive({ expiresAt }: StoredSend): boolean {
  return expiresAt > Date.now()
}
