import type { MailMatchers, MatcherOf } from './expectations.ts'
import { inboxMatchers } from './inbox-matchers.ts'
import { mailMatchers } from './mail-matchers.ts'

/** Every matcher, as `expect.extend` of Vitest and Jest takes them. They fit the outbox and the emulator alike. */
export const matchers: { readonly [Name in keyof MailMatchers]: MatcherOf<Name> } = {
  ...inboxMatchers,
  ...mailMatchers,
}
