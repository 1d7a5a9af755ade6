import { createMailer, type Mailer } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, beforeAll, beforeEach } from 'vitest'

/** Mailgun on this machine, and a mailer to it. */
export interface Emulated {
  readonly emulator: MailgunEmulator
  readonly mailer: Mailer
}

/** Opens both for all tests of a file; each test finds the inbox empty. */
export function emulated(): Emulated {
  let emulator: MailgunEmulator | undefined
  let mailer: Mailer | undefined
  beforeAll(async () => {
    emulator = await createMailgunEmulator({ httpPort: false })
    mailer = createMailer(emulator.transport)
  })
  afterAll(async () => {
    await mailer?.close()
    await emulator?.close()
  })
  beforeEach(() => emulator?.reset())
  return {
    get emulator() {
      if (!emulator) throw new Error('The emulator has not started yet.')
      return emulator
    },
    get mailer() {
      if (!mailer) throw new Error('The emulator has not started yet.')
      return mailer
    },
  }
}
