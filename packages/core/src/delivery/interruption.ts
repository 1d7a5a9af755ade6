import { setMaxListeners } from 'node:events'

/** A controller of this package's own, whose signal many sends listen to. */
export function sharedController(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}

/**
 * One signal of several, made when it is first asked for. `AbortSignal.any` would leave something behind in a signal
 * that outlives it (Node 20).
 */
export class Interruption {
  readonly #sources: readonly AbortSignal[]
  #controller: AbortController | undefined
  readonly #abort = (event: Event): void => {
    this.#controller?.abort((event.target as AbortSignal).reason)
  }

  constructor(sources: readonly AbortSignal[]) {
    this.#sources = sources
  }

  /** The source that was aborted first. */
  get source(): AbortSignal | undefined {
    return this.#sources.find(({ aborted }) => aborted)
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = sharedController()
      const aborted = this.source
      if (aborted) this.#controller.abort(aborted.reason)
      for (const source of this.#sources) source.addEventListener('abort', this.#abort)
    }
    return this.#controller.signal
  }

  /** Call it when the wait is over. */
  release(): void {
    if (!this.#controller) return
    for (const source of this.#sources) source.removeEventListener('abort', this.#abort)
  }
}
