/** `import '@mailgun-smtp/emulator/vitest'` in a setup file or a test gives Vitest's `expect` the matchers for mails. */
import {
  mailSnapshot,
  mailSnapshotMatchers,
  matchers,
  type MailMatchers,
  type MailSnapshotMatchers,
  type MailSnapshotSettings,
} from '@mailgun-smtp/core/matchers'
import * as vitest from 'vitest'

declare global {
  namespace Chai {
    // Vitest's own `Matchers` has other type parameters in each of its majors; what Chai asserts, all of them take over.
    interface Assertion extends MailMatchers, MailSnapshotMatchers {}
  }
}

vitest.expect.extend({
  ...matchers,
  ...mailSnapshotMatchers(function (this: vitest.MatcherState, received, ...hint) {
    // A named import of what older versions do not have would take the other matchers with it.
    if (!('Snapshots' in vitest)) {
      throw new Error(
        'toMatchMailSnapshot needs Vitest 4.1.3; before, expect(await mailSnapshot(mail)).toMatchSnapshot() does.',
      )
    }
    return vitest.Snapshots.toMatchSnapshot.call(this, received, ...hint)
  }),
})

export { mailSnapshot }
export type { MailMatchers, MailSnapshotMatchers, MailSnapshotSettings }
