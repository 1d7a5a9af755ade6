import type { MailgunOptions } from './options.ts'
import { once } from '../process-wide.ts'

// The mailer of one copy of this package may use a transporter that another copy attached to.
const merged = once('merged/v1', () => new WeakSet<MailgunOptions>())

/** Marks options as final: every layer is in them. */
export function markMerged(options: MailgunOptions): MailgunOptions {
  merged.add(options)
  return options
}

/** Whether every layer is in the options already. */
export function isMerged(options: MailgunOptions): boolean {
  return merged.has(options)
}
