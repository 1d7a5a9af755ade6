import type { Clock } from '../clock.ts'
import type { FaultPlan } from '../faults/plan.ts'
import type { Ledger } from '../records/ledger.ts'
import type { SessionRecords } from '../records/session-records.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { ServerLimits } from './limits.ts'
import type { SessionPolicy } from './policy.ts'

/** What the sessions of a server share. */
export interface ServerContext {
  readonly policy: SessionPolicy
  readonly faults: FaultPlan
  readonly records: SessionRecords
  readonly ledger: Ledger
  readonly clock: Clock
  readonly limits: ServerLimits
  /** For all messages that are being received. */
  readonly budget: ByteBudget
}
