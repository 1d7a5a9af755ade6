import { inspect } from 'node:util'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { defineMailer, type Mailer, type MailgunConfig, sendMail } from '../../src/index.ts'

let emulator: MailgunEmulator

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.reset())

const opened = () =>
  Reflect.get(globalThis, Symbol.for('@mailgun-smtp/next/mailers/v1')) as
    | Map<string, { hash: string; mailer: Mailer }>
    | undefined

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const { mailer } of opened()?.values() ?? []) await mailer.close()
  opened()?.clear()
})

const message = {
  from: 'shop@mg.example.com',
  to: 'ada@example.net',
  subject: 'Your order',
  text: 'Thank you.',
}
const pooled = () => ({ ...emulator.transport, pool: true, maxConnections: 1 })
const sessions = () => new Set(emulator.submissions.map(({ session }) => session.id)).size

describe('defineMailer', () => {
  test('asks for its config when a mail is sent, and not before', async () => {
    const config = vi.fn<() => MailgunConfig>(() => emulator.transport)

    const mailer = defineMailer(config)
    mailer.with({ tags: ['a'] }).withDefaults({ tags: ['b'] })
    expect(config).not.toHaveBeenCalled()

    await mailer
      .with({ tags: ['a'] })
      .withDefaults({ tags: ['b'] })
      .send(message)
    expect(emulator.submissions[0]?.options).toEqual({ tags: ['b', 'a'] })
  })

  test('rejects when the config is missing, naming the variables', async () => {
    vi.stubEnv('MAILGUN_SMTP_URL', '')
    vi.stubEnv('MAILGUN_SMTP_LOGIN', '')

    await expect(defineMailer().send(message)).rejects.toThrow(/MAILGUN_SMTP_URL/)
    await expect(sendMail(message)).rejects.toThrow(/MAILGUN_SMTP_URL/)
  })

  test('has one connection, however often the module is evaluated', async () => {
    await defineMailer(pooled).send(message)
    await defineMailer(pooled).send(message)
    await defineMailer(pooled()).send(message)

    expect(sessions()).toBe(1)
    expect(opened()?.size).toBe(1)
  })

  test('closes the old connection when its config changes', async () => {
    let name = 'one.example'
    const mailer = defineMailer(() => ({ ...pooled(), name }))
    await mailer.send(message)
    const old = opened()?.get('default')?.mailer

    name = 'two.example'
    await mailer.send(message)
    await mailer.send(message)

    expect(sessions()).toBe(2)
    await expect(old?.send(message)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
  })

  test('replaces the mailer of a module that was edited', async () => {
    await defineMailer({ ...pooled(), name: 'before.example' }).send(message)
    const old = opened()?.get('default')?.mailer

    await defineMailer({ ...pooled(), name: 'after.example' }).send(message)

    await expect(old?.send(message)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
  })

  test('refuses two configs in turn under one name, and keeps named ones apart', async () => {
    const one = defineMailer({ ...pooled(), name: 'one.example' })
    const other = defineMailer({ ...pooled(), name: 'other.example' })
    const news = defineMailer({ ...pooled(), name: 'news.example' }, { name: 'news' })

    await one.send(message)
    await news.send(message)
    await other.send(message)
    await news.send(message)

    await expect(one.send(message)).rejects.toThrow(/under the name 'default'.*\{ name \}/)
    expect(sessions()).toBe(3)
  })

  test('opens again after it was closed', async () => {
    await using mailer = defineMailer(pooled)
    await mailer.send(message)
    await mailer.close()
    await mailer.close()

    await mailer.send(message)

    expect(sessions()).toBe(2)
  })

  test('keeps no secret where it finds its mailers', async () => {
    const { pass } = emulator.credentials

    await defineMailer(pooled).send(message)

    expect(inspect(opened(), { depth: 20, showHidden: true })).not.toContain(pass)
    expect([...(opened()?.values() ?? [])][0]?.hash).toMatch(/^[\da-f]{64}$/)
  })

  test.each([
    ['a config', pooled],
    ['a URL', () => `${emulator.smtpUrl}?requireTLS=false&pool=true`],
  ] as const)(
    'gives each mail a connection of its own where the process may be frozen: by %s',
    async (_, config) => {
      const kept = defineMailer(config, { name: 'kept' })
      await kept.send(message)
      await kept.send(message)
      expect(sessions()).toBe(1)

      emulator.reset()
      vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'site')
      const frozen = defineMailer(config, { name: 'frozen' })
      await frozen.send(message)
      await frozen.send(message)
      expect(sessions()).toBe(2)
    },
  )

  test.each(['timeout', 'within'])('ends a send in time, by %s', async (setting) => {
    emulator.faults.always({ at: 'mail', stall: true })

    await expect(defineMailer(pooled, { [setting]: 500 }).send(message)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_TIMEOUT',
      outcome: 'deferred',
    })
    expect(emulator.submissions).toEqual([])
  })

  test('gives a send its own time, where it asks for it', async () => {
    emulator.faults.always({ at: 'mail', stall: true })

    await expect(defineMailer(pooled).send(message, { timeout: 500 })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_TIMEOUT',
    })
  })

  test("ends a send by the caller's signal too", async () => {
    emulator.faults.always({ at: 'mail', stall: true })
    const signal = AbortSignal.abort()

    await expect(defineMailer(pooled).send(message, { signal })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_ABORTED',
    })
  })

  test.each([0, -1, 0.5, Number.NaN, 2 ** 31])('refuses %d milliseconds for a send', (timeout) => {
    expect(() => defineMailer(pooled, { timeout })).toThrow(/timeout must/)
  })

  test('keeps the mailer of the environment apart from one with its own time', async () => {
    vi.stubEnv('MAILGUN_SMTP_URL', `${emulator.smtpUrl}?requireTLS=false`)
    const patient = defineMailer(undefined, { timeout: Infinity })

    await patient.send(message)
    await sendMail(message)
    await patient.send(message)

    expect([...(opened()?.keys() ?? [])]).toEqual(['default', 'environment'])
  })

  test('takes settings beside the environment, and notices when that changes', async () => {
    vi.stubEnv('MAILGUN_SMTP_URL', `${emulator.smtpUrl}?requireTLS=false`)
    const mailer = defineMailer({ pool: true, defaults: { from: 'Shop <shop@mg.example.com>' } })
    const { from: _, ...unsigned } = message

    await mailer.send(unsigned)
    await mailer.send(unsigned)
    expect(sessions()).toBe(1)
    expect(emulator.submissions[1]).toMatchObject({ from: 'Shop <shop@mg.example.com>' })

    vi.stubEnv('MAILGUN_SMTP_URL', `${emulator.smtpUrl}?requireTLS=false&pool=true`)
    await mailer.send(unsigned)
    expect(sessions()).toBe(2)
  })

  test('takes settings beside a URL', async () => {
    const url = `${emulator.smtpUrl}?requireTLS=false`

    await defineMailer({ url, defaults: { mailgun: { tags: ['site'] } } }).send(message)

    expect(emulator.submissions[0]?.options).toEqual({ tags: ['site'] })
  })

  test('verifies the login', async () => {
    expect(await defineMailer(pooled).verify()).toBe(true)
  })
})

test('sendMail uses the mailer of the environment', async () => {
  vi.stubEnv('MAILGUN_SMTP_URL', `${emulator.smtpUrl}?requireTLS=false`)

  const receipt = await sendMail({ ...message, mailgun: { tags: ['order'] } })

  expect(emulator.submissions).toMatchObject([
    { messageId: receipt.messageId, options: { tags: ['order'] } },
  ])
})
