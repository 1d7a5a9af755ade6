import type { Clock } from '../clock.ts'
import type { ContentCache } from './content.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { DomainSending } from './domain-sending.ts'
import type { MxOptions } from './last-hop.ts'
import type { OpensAndClicks } from './opens-and-clicks.ts'
import type { RecentMail } from './recent-mail.ts'
import type { Engagement } from './schedule.ts'
import type { ReceivedSubmission } from './submission.ts'
import type { DomainTracking } from './tracking.ts'
import type { TrackingAddresses } from './tracking-addresses.ts'

/** What every submission of an inbox is worked out with. */
export interface MailRoom {
  readonly clock: Clock
  readonly cache: ContentCache
  readonly recent: RecentMail
  readonly addresses: TrackingAddresses
  readonly opensAndClicks: OpensAndClicks
  readonly tracking: (domain: string) => DomainTracking | undefined
  readonly sending: (domain: string) => DomainSending | undefined
  /** Of a recipient's domain. */
  readonly mx: (domain: string) => MxOptions | undefined
  readonly engagement: (recipient: string) => Engagement | undefined
  /** Without it, diagnostics are the problems and the findings. */
  readonly diagnose?: ((submission: ReceivedSubmission) => readonly Diagnostic[]) | undefined
}
