import type { Clock } from '../clock.ts'
import type { HeaderBlock } from '../mime/header-block.ts'
import type { BodyTexts, MimePart } from '../mime/mime-tree.ts'
import type { OpensAndClicks } from '../tracking/opens-and-clicks.ts'
import type { TrackingAddresses } from '../tracking/tracking-addresses.ts'
import type { DomainTracking } from '../tracking/tracking.ts'
import type { BodyCache } from './body-cache.ts'
import type { Container } from './container.ts'
import type { CopyContent } from './content.ts'
import type { TextTemplate } from './personalisation.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { DomainSending } from './domain-sending.ts'
import type { MxOptions } from './last-hop.ts'
import type { Submission } from './message.ts'
import type { Engagement } from './schedule.ts'

/** A submission with what diagnostics look at besides. */
export interface DiagnosableSubmission extends Submission {
  /** The headers of the message as received, and of the mail inside if it is a container. */
  readonly blocks: readonly HeaderBlock[]
  readonly container: Container | undefined
  engagement(recipient: string): Engagement | undefined
  /** What the mail says to read, decoded, with unreplaced placeholders; of long bodies only the beginning. */
  texts(): BodyTexts
}

/** What every submission of an inbox is worked out with. */
export interface CopyContext {
  readonly clock: Clock
  /** Of bodies that were looked at last, by the id of a copy or of its submission. */
  readonly caches: {
    readonly contents: BodyCache<CopyContent>
    readonly trees: BodyCache<MimePart>
    readonly texts: BodyCache<BodyTexts>
    readonly templates: BodyCache<readonly TextTemplate[]>
  }
  readonly addresses: TrackingAddresses
  readonly opensAndClicks: OpensAndClicks
  readonly tracking: (domain: string) => DomainTracking | undefined
  readonly sending: (domain: string) => DomainSending | undefined
  /** Of a recipient's domain. */
  readonly mx: (domain: string) => MxOptions | undefined
  readonly engagement: (recipient: string) => Engagement | undefined
  readonly diagnose: (submission: DiagnosableSubmission) => readonly Diagnostic[]
}
