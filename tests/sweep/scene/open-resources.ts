import { AsyncLocalStorage, createHook } from 'node:async_hooks'

/** What must not outlive a mailer: sockets, timers, look-ups of names. */
const watched: ReadonlySet<string> = new Set([
  'TCPWRAP',
  'PIPEWRAP',
  'Timeout',
  'GETADDRINFOREQWRAP',
])

const scope = new AsyncLocalStorage<Map<number, string>>()
const owners = new Map<number, Map<number, string>>()

createHook({
  init(id, type) {
    const open = watched.has(type) ? scope.getStore() : undefined
    if (!open) return
    open.set(id, type)
    owners.set(id, open)
  },
  destroy(id) {
    owners.get(id)?.delete(id)
    owners.delete(id)
  },
}).enable()

/** The sockets and timers that some work opened, however deep. */
export class OpenResources {
  readonly #open = new Map<number, string>()

  run<Result>(work: () => Result): Result {
    return scope.run(this.#open, work)
  }

  /** Those that are still open. */
  get list(): readonly string[] {
    return [...this.#open.values()]
  }
}
