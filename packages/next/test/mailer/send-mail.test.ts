import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { environmentMailer } from '../../src/mailer/define-mailer.ts'
import { registerMail, sendMail, sendMailAfter } from '../../src/index.ts'

let emulator: MailgunEmulator

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
})
afterAll(() => emulator.close())
beforeEach(() => {
  emulator.reset()
  vi.stubEnv('MAILGUN_SMTP_URL', `${emulator.smtpUrl}?requireTLS=false`)
})
afterEach(async () => {
  await environmentMailer.close()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const message = {
  from: 'shop@mg.example.com',
  to: 'ada@example.net',
  subject: 'Your order',
  text: 'Thank you.',
}

test('sendMail sends with the mailer of the environment, also a React body', async () => {
  const receipt = await sendMail({ ...message, react: 'Thank you & come back.' })

  const copy = await emulator.waitFor({ to: 'ada@example.net' })
  expect(copy.submission.messageId).toBe(receipt.messageId)
  expect((await copy.load()).html).toContain('Thank you &amp; come back.')
})

test('sendMail sends one mail for one key', async () => {
  await sendMail(message, { idempotencyKey: 'order-1' })
  await sendMail(message, { idempotencyKey: 'order-1' })

  expect(emulator.submissions).toHaveLength(1)
})

describe('sendMailAfter', () => {
  test('sends at once outside a request', async () => {
    const onSuccess = vi.fn<() => void>()

    await sendMailAfter(message, { onSuccess })

    expect(emulator.submissions).toHaveLength(1)
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ messageId: emulator.submissions[0]?.messageId }),
    )
  })

  test('never rejects, and tells what failed', async () => {
    emulator.faults.next({ at: 'data', reply: [554, 'No.'] })
    const onError = vi.fn<(error: unknown) => void>()

    await sendMailAfter(message, { onError })

    expect(onError.mock.lastCall?.[0]).toMatchObject({ outcome: 'rejected' })
  })

  test('logs what failed without onError, without address or content', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    emulator.faults.next({ at: 'data', reply: [554, 'No.'] })

    await sendMailAfter(message)

    expect(log).toHaveBeenCalledOnce()
    expect(String(log.mock.lastCall)).not.toMatch(/ada@|Thank you|Your order/)
  })

  test('survives a callback that fails', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const fault = new Error('The callback fails.')
    const onError = vi.fn<(error: unknown) => Promise<void>>(() => Promise.reject(fault))
    const onSuccess = () => Promise.reject(new Error('The database is away.'))

    await sendMailAfter(message, { onSuccess, onError })

    expect(onError.mock.lastCall?.[0]).toMatchObject({ message: 'The database is away.' })
    expect(log.mock.lastCall?.[1]).toBe(fault)
    expect(emulator.submissions).toHaveLength(1)
  })
})

describe('registerMail', () => {
  test('logs in with the mailer of the environment, and sends nothing', async () => {
    expect(await registerMail()).toBe(true)
    expect(emulator.submissions).toEqual([])
  })

  test('warns of a login that fails, without the password, and never rejects', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { port } = new URL(emulator.smtpUrl)
    vi.stubEnv('MAILGUN_SMTP_URL', `smtp://user:secret-canary@127.0.0.1:${port}?requireTLS=false`)

    expect(await registerMail()).toBe(false)

    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.lastCall?.[1]).toMatchObject({ code: 'ERR_MAILGUN_AUTH' })
    expect(String(warn.mock.lastCall)).not.toContain('secret-canary')
  })

  test('tells the app instead, if it asks', async () => {
    vi.stubEnv('MAILGUN_SMTP_URL', '')
    vi.stubEnv('MAILGUN_SMTP_LOGIN', '')
    const onError = vi.fn<(error: unknown) => void>()

    expect(await registerMail(environmentMailer, { onError })).toBe(false)
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'ConfigError' })
  })
})
