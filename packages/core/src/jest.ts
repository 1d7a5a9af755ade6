/** For `expect.extend(mailMatchers)` in a setup file of Jest. */
import { matchers } from './testing/every-matcher.ts'
import type { MailMatchers } from './testing/expectations.ts'
import { mailSnapshot, type MailSnapshotSettings } from './testing/mail-snapshot.ts'
import { mailSnapshotMatchers, type MailSnapshotMatchers } from './testing/snapshot-matcher.ts'

declare global {
  namespace jest {
    interface Matchers<R, T> extends MailMatchers, MailSnapshotMatchers {}
  }
}

export {
  mailSnapshot,
  mailSnapshotMatchers,
  matchers as mailMatchers,
  type MailMatchers,
  type MailSnapshotMatchers,
  type MailSnapshotSettings,
}
