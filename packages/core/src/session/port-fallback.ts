import type { Port } from '../regions.ts'

/** How long a port that could not be reached is left alone, in milliseconds, while another is there. */
const restTime = 60_000

/** A port that let the dial wait is remembered so many times as long as it took, and at most so long, in milliseconds. */
const memoryFactor = 3
const longestMemory = 30_000

/** What is known of a port that could not be reached. */
interface Fault {
  readonly restsUntil: number
  readonly rememberedUntil: number
  readonly error: Error
}

/** The ports of a server in the order they are tried. One that could not be reached rests, and comes first again after. */
export class PortFallback {
  readonly #ports: readonly Port[]
  readonly #faults = new Map<Port, Fault>()

  constructor(ports: readonly Port[]) {
    this.#ports = ports
  }

  /** The ports to try now: those that do not rest, or all when every one does. */
  candidates(): readonly Port[] {
    const now = performance.now()
    const rested = this.#ports.filter((port) => (this.#faults.get(port)?.restsUntil ?? 0) <= now)
    return rested.length > 0 ? rested : this.#ports
  }

  /**
   * How a port failed a moment ago, if that is too fresh to pay for it again: the memory lasts three times as long as
   * the dial waited, and at most 30 seconds.
   */
  remembered(port: Port): Error | undefined {
    const fault = this.#faults.get(port)
    return fault && fault.rememberedUntil > performance.now() ? fault.error : undefined
  }

  /** Leaves a port alone for a while, which let the dial wait for so many milliseconds; 0 if it answered in its way. */
  rest(port: Port, error: Error, waited: number): void {
    const now = performance.now()
    const memory = Math.min(waited * memoryFactor, longestMemory)
    this.#faults.set(port, { restsUntil: now + restTime, rememberedUntil: now + memory, error })
  }

  /** The port was reached. */
  reached(port: Port): void {
    this.#faults.delete(port)
  }
}
