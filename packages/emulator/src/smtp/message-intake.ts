import type { Fault, FaultMoment, Stage } from '../faults/fault.ts'
import type { BodyWatch } from '../faults/plan.ts'
import type { LineReader } from './line-reader.ts'
import type { MessageReader, ReadMessage } from './message-reader.ts'

/** The result of reading on in a message. */
export type IntakeStep =
  | { readonly message: ReadMessage }
  | { readonly fault: Fault }
  /** Milliseconds to leave the client waiting. */
  | { readonly pause: number }
  | { readonly goesOn: boolean }

/** Takes in one message, under the faults that strike while it comes. */
export class MessageIntake {
  readonly reader: MessageReader
  readonly #watch: BodyWatch | undefined
  readonly #moment: (at: Stage) => FaultMoment
  #bytesPerSecond: number | undefined

  constructor(
    reader: MessageReader,
    watch: BodyWatch | undefined,
    moment: (at: Stage) => FaultMoment,
  ) {
    this.reader = reader
    this.#watch = watch
    this.#moment = moment
  }

  /** Reads the rest at so many bytes a second. */
  slowDown(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond
  }

  read(lines: LineReader): IntakeStep {
    if (lines.length === 0) return { goesOn: false }
    const taken = this.reader.length
    const untilFault = (this.#watch?.nextAt ?? Infinity) - taken
    if (untilFault <= 0) {
      const fault = this.#watch?.reached(taken, this.#moment)
      return fault ? { fault } : { goesOn: true }
    }
    const speed = this.#bytesPerSecond
    const atOnce = speed === undefined ? Infinity : Math.max(1, Math.round(speed / 20))
    const chunk = lines.take(Math.min(untilFault, atOnce))
    const end = this.reader.push(chunk)
    if (end) {
      lines.putBack(chunk.length - end.consumed)
      return { message: end.message }
    }
    return speed === undefined ? { goesOn: true } : { pause: (chunk.length * 1_000) / speed }
  }
}
