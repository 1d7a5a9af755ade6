import type { MailgunConfig, MailgunMessage } from '@mailgun-smtp/core'
import type { Fault, FaultMoment } from '@mailgun-smtp/emulator'
import type { Verdict } from '../../scene/verdict.ts'
import type { Way } from '../../scene/ways.ts'

/** A fault of the sweep, and what has to come of it in every way. */
export interface Row {
  /** Which promise it belongs to. */
  readonly id: `F${number}`
  readonly what: string
  readonly fault: Fault
  /** `once`: the first time its moment comes. */
  readonly strikes: 'once' | 'always'
  /** Makes, for each cell, what narrows the moment down. */
  readonly when?: (() => (moment: FaultMoment) => boolean) | undefined
  /** The ports it is for. Default: both. */
  readonly ports?: readonly Way['port'][] | undefined
  readonly config?: Partial<MailgunConfig> | undefined
  /** Makes, for each cell, what its message has besides the least. */
  readonly message?: (() => Partial<MailgunMessage>) | undefined
  /** The verdict, or several that are all true to the facts. */
  readonly expected: Partial<Verdict> | readonly Partial<Verdict>[]
  /** Words of the client that must never be on the wire. */
  readonly unsaid?: RegExp | undefined
  /** Whether the same mailer's next message goes out. Default: it does. */
  readonly recovers?: false | undefined
}

/** A fault from its stage and its action. The emulator refuses what is none. */
export function faultAt(at: Fault['at'], action: object): Fault {
  return { at, ...action } as Fault
}
