import type { Fault, FaultMoment } from './fault.ts'

/** A fault that was called up. */
export interface ArmedFault {
  /** How often it has struck. */
  readonly fired: number
  remove(): void
}

/** A fault in the plan. */
export interface FaultRule {
  readonly fault: Fault
  /** In words: `next 2`, `every 3`, `chance 0.1`, `when`, `always`. */
  readonly selection: string
  readonly fired: number
}

/**
 * Faults on command. Of several that could strike at the same moment, the one called up first does.
 *
 * Every method throws a `TypeError` for a fault that cannot be.
 */
export interface Faults {
  /** Strikes the next time its stage is reached, or the next `n` times. */
  next(fault: Fault): ArmedFault
  next(n: number, fault: Fault): ArmedFault
  /** Strikes every nth time. */
  every(n: number, fault: Fault): ArmedFault
  /** Strikes by chance, from 0 for never to 1 for always; the emulator's `seed` makes it repeat. */
  chance(probability: number, fault: Fault): ArmedFault
  when(predicate: (moment: FaultMoment) => boolean, fault: Fault): ArmedFault
  always(fault: Fault): ArmedFault
  /** Those that may still strike, in order. */
  list(): readonly FaultRule[]
  clear(): void
}
