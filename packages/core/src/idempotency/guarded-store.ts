import { storeFailed } from './failures.ts'
import { recordVersion, type FoundSend, type Store, type StoredSend } from './store.ts'

/** A store of any make, held to its contract: every call settles within the deadline, and fails as an error of ours. */
export class GuardedStore {
  readonly #store: Store
  readonly #deadline: number

  /** @param deadline of each call, in milliseconds. */
  constructor(store: Store, deadline: number) {
    this.#store = store
    this.#deadline = deadline
  }

  /** Whether sends can be found by their Message-ID. */
  get canFind(): boolean {
    return typeof this.#store.find === 'function'
  }

  reserve(key: string, record: StoredSend): Promise<StoredSend> {
    return this.inTime(async () => checked(await this.#store.reserve(key, record)))
  }

  read(key: string): Promise<StoredSend | undefined> {
    return this.inTime(async () => {
      const standing = await this.#store.read(key)
      return isNothing(standing) ? undefined : checked(standing)
    })
  }

  find(messageId: string): Promise<FoundSend | undefined> {
    return this.inTime(async () => {
      const found = await this.#store.find?.(messageId)
      if (isNothing(found)) return undefined
      if (typeof found.key !== 'string') throw new TypeError('The store gave no key.')
      return { key: found.key, record: checked(found.record) }
    })
  }

  /** Not bound by the deadline: who replaces a record twice must know when the first has ended. */
  async update(key: string, record: StoredSend): Promise<boolean> {
    return (await this.#store.update(key, record)) === true
  }

  /** @throws {ConfigError | DeliveryError} if the work fails or takes too long. */
  async inTime<Result>(work: () => Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new LateStore()), this.#deadline)
    })
    try {
      return await Promise.race([work(), late])
    } catch (error) {
      throw storeFailed(error)
    } finally {
      clearTimeout(timer)
    }
  }
}

class LateStore extends Error {
  readonly code = 'ETIMEDOUT'
}

/** A store in another language may say null. */
function isNothing<Value>(value: Value | undefined | null): value is undefined | null {
  return value === undefined || value === null
}

/** A store that answers nonsense must not be taken for one that says "free". */
function checked(record: StoredSend): StoredSend {
  const {
    version = 1,
    fingerprint,
    owner,
    state,
    messageId,
  } = Object(record) as Partial<StoredSend>
  for (const field of [fingerprint, owner, state, messageId]) {
    if (typeof field !== 'string') throw new TypeError('The store gave no record.')
  }
  if (!(version <= recordVersion)) throw new NewerRecord()
  return record
}

/** A newer copy of the package wrote the record: what it says cannot be known. */
class NewerRecord extends Error {
  readonly code = 'ERR_NEWER_RECORD'
}
