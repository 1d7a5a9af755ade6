import type { DeliveryError } from '../outcome/errors.ts'
import type { Interruption } from './interruption.ts'

/** How long a refused login is not tried again, in milliseconds: a server that sees one fail again and again locks it. */
const pause = 60_000

/** Keeps a wrong login from being tried again and again. Until it was seen to work, one send tries it and the others wait. */
export class LoginWatch {
  #state: 'unproven' | 'proving' | 'proven' = 'unproven'
  #refusal: { readonly error: DeliveryError; readonly until: number } | undefined
  #waiting: (() => void)[] = []

  /**
   * Waits while another send tries the login.
   *
   * @returns Whether this send is the one that tries it.
   * @throws {DeliveryError} the one of the refused login, for a minute.
   */
  async enter(interruption: Interruption): Promise<boolean> {
    for (;;) {
      if (this.#refusal && this.#refusal.until > performance.now()) throw this.#refusal.error
      if (this.#state === 'proven') return false
      if (this.#state === 'unproven') {
        this.#state = 'proving'
        return true
      }
      const { signal } = interruption
      await new Promise<void>((resolve, reject) => {
        const go = (): void => {
          signal.removeEventListener('abort', leave)
          resolve()
        }
        const leave = (): void => {
          this.#waiting = this.#waiting.filter((waiting) => waiting !== go)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', leave, { once: true })
        this.#waiting.push(go)
      })
    }
  }

  get isProven(): boolean {
    return this.#state === 'proven'
  }

  /** The login works, or something else than the login failed: no reason for the others to wait. */
  open(): void {
    if (this.#state === 'proven') return
    this.#state = 'proven'
    this.#refusal = undefined
    this.#wake()
  }

  /** The server refused the login. */
  refuse(error: DeliveryError): void {
    this.#state = 'unproven'
    this.#refusal = { error, until: performance.now() + pause }
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
