import { storeFailed } from './failures.ts'
import type { Store, StoredSend } from './store.ts'

/** A store that the user gave, held to its contract: every call settles within the deadline, and fails as an error of ours. */
export class GuardedStore {
  readonly #store: Store
  readonly #deadline: number

  /** @param deadline of each call, in milliseconds. */
  constructor(store: Store, deadline: number) {
    this.#store = store
    this.#deadline = deadline
  }

  reserve(key: string, record: StoredSend): Promise<StoredSend> {
    return this.inTime(async () => checked(await this.#store.reserve(key, record)))
  }

  read(key: string): Promise<StoredSend | undefined> {
    return this.inTime(async () => {
      const standing = await this.#store.read(key)
      return standing === undefined ? undefined : checked(standing)
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

/** A store that answers nonsense must not be taken for one that says "free". */
function checked(record: StoredSend): StoredSend {
  const { fingerprint, owner, state, messageId } = Object(record) as Partial<StoredSend>
  for (const text of [fingerprint, owner, state, messageId]) {
    if (typeof text !== 'string') throw new TypeError('The store gave no record.')
  }
  return record
}
