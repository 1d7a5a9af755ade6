/** For `expect.extend(mailMatchers)` in a setup file of Jest. */
import { matchers, type MailMatchers } from '@mailgun-smtp/core/matchers'

declare global {
  namespace jest {
    interface Matchers<R, T> extends MailMatchers {}
  }
}

export { matchers as mailMatchers, type MailMatchers }
