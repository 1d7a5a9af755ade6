import type { VirtualClock } from '../../src/clock.ts'
import type { Stage } from '../../src/faults/fault.ts'
import type { FaultAction } from '../../src/faults/stages.ts'
import type { OpenSmtp } from '../clients/open-smtp.ts'

/** What a proof gets. */
export interface Cell {
  readonly smtp: OpenSmtp
  readonly clock: VirtualClock
  readonly stage: Stage
  readonly secure: boolean
}

export type Proof = (cell: Cell) => Promise<void>

export type Proofs = Readonly<Partial<Record<FaultAction, Proof>>>
