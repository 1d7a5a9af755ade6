/** For `expect.extend(mailMatchers)` in a setup file of Jest. */
import {
  mailSnapshot,
  mailSnapshotMatchers,
  matchers,
  type MailMatchers,
  type MailSnapshotMatchers,
  type MailSnapshotSettings,
} from '@mailgun-smtp/core/matchers'

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
