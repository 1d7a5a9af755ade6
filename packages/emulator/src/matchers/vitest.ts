/** `import '@mailgun-smtp/emulator/vitest'` in a setup file or a test gives Vitest's `expect` the matchers for mails. */
import { matchers, type MailMatchers } from '@mailgun-smtp/core/matchers'
import { expect } from 'vitest'

declare global {
  namespace Chai {
    // Vitest's own `Matchers` has other type parameters in each of its majors; what Chai asserts, all of them take over.
    interface Assertion extends MailMatchers {}
  }
}

expect.extend(matchers)

export type { MailMatchers }
