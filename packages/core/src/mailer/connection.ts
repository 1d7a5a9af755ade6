import { ConfigError } from '../outcome/errors.ts'
import type { Route } from './route.ts'

/** How long messages on their way may take to end when a mailer is closed, in milliseconds: under the 30 seconds that platforms leave a process. */
const defaultDrain = 25_000

/** The route that a family of mailers shares, opened once and closed once. */
export class Connection {
  readonly isOwn: boolean
  readonly #open: () => Route
  readonly #sending = new Set<Promise<unknown>>()
  #route: Route | undefined
  #closed: Promise<void> | undefined

  /**
   * @param isOwn Whether the route is made from a config, so that no plugin of the caller's reads a message's fields.
   */
  constructor(open: () => Route, isOwn: boolean) {
    this.#open = open
    this.isOwn = isOwn
  }

  /** @throws {ConfigError} after `close`. */
  route(): Route {
    if (this.#closed) {
      throw new ConfigError(
        'The mailer is closed; create another, or close it later.',
        'ERR_MAILGUN_CLOSED',
      )
    }
    return (this.#route ??= this.#open())
  }

  /** Lets `close` wait for it. */
  track<Result>(work: Promise<Result>): Promise<Result> {
    this.#sending.add(work)
    const forget = (): void => void this.#sending.delete(work)
    work.then(forget, forget)
    return work
  }

  close(timeout: number = defaultDrain): Promise<void> {
    return (this.#closed ??= this.#drain(timeout))
  }

  async #drain(timeout: number): Promise<void> {
    const settled = this.#route?.delivery.close(timeout)
    await Promise.allSettled(this.#sending)
    settled?.()
    this.#route?.close()
  }
}
