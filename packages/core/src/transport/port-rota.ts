import type { Port } from '../regions.ts'

/** How long a port that could not be reached is left alone, in milliseconds, while another is there. */
const restTime = 60_000

/** The ports of a server, in the order they are tried. One that could not be reached rests, and comes first again after. */
export class PortRota {
  readonly #ports: readonly Port[]
  readonly #restingUntil = new Map<Port, number>()

  constructor(ports: readonly Port[]) {
    this.#ports = ports
  }

  /** The ports to try now: those that do not rest, or all when every one does. */
  candidates(): readonly Port[] {
    const now = performance.now()
    const rested = this.#ports.filter((port) => (this.#restingUntil.get(port) ?? 0) <= now)
    return rested.length > 0 ? rested : this.#ports
  }

  /** Leaves a port alone for a while. Whether another is there that does not rest. */
  rest(port: Port): boolean {
    const now = performance.now()
    this.#restingUntil.set(port, now + restTime)
    return this.#ports.some((other) => (this.#restingUntil.get(other) ?? 0) <= now)
  }
}
