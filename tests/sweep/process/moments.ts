import type { Fault } from '@mailgun-smtp/emulator'

/** Moments at which a process may die: between any two words of a session. */
export const moments: readonly Fault[] = [
  { at: 'connect', stall: true },
  { at: 'ehlo', stall: true },
  { at: 'auth', stall: true },
  { at: 'mail', stall: true },
  { at: 'rcpt', stall: true },
  { at: 'data', stall: true },
  { at: 'body', afterBytes: 100, stall: true },
  { at: 'body', afterBytes: 4000, stall: true },
  { at: 'final', stall: 'before-store' },
  { at: 'final', stall: 'after-store' },
  // The acknowledgement may be heard, and its note be under way.
  { at: 'final', split: true },
]
