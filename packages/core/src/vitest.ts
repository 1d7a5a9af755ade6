/** `import '@mailgun-smtp/core/vitest'` in a setup file or a test gives Vitest's `expect` the matchers for mails. */
import * as vitest from 'vitest'
import { matchers } from './testing/every-matcher.ts'
import type { MailMatchers } from './testing/expectations.ts'
import { mailSnapshot, type MailSnapshotSettings } from './testing/mail-snapshot.ts'
import { mailSnapshotMatchers, type MailSnapshotMatchers } from './testing/snapshot-matcher.ts'

declare global {
  namespace Chai {
    // The type parameters of Vitest's own `Matchers` differ between its majors. Each of them takes over what Chai asserts.
    interface Assertion extends MailMatchers, MailSnapshotMatchers {}
  }
}

vitest.expect.extend({
  ...matchers,
  ...mailSnapshotMatchers(function (this: vitest.MatcherState, received, ...hint) {
    // A named import of what older versions do not have would take the other matchers with it.
    if (!('Snapshots' in vitest)) {
      throw new Error(
        'toMatchMailSnapshot needs Vitest 4.1.3 or later. Before that, use expect(await mailSnapshot(mail)).toMatchSnapshot().',
      )
    }
    return vitest.Snapshots.toMatchSnapshot.call(this, received, ...hint)
  }),
})

export { mailSnapshot }
export type { MailMatchers, MailSnapshotMatchers, MailSnapshotSettings }
