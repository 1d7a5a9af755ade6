import { describe, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { createMailAction, mailActionReading } from '../../src/action/mail-action.ts'
import type { MailContext } from '../../src/request/mail-context.ts'
import {
  form,
  idle,
  type OnError,
  type OnSpam,
  schema,
  type Settings,
  typed,
} from '../contact/contact-form.ts'
import { emulated } from '../contact/emulated.ts'

const local = emulated()

describe('what protects a mail action', () => {
  const own = {
    Host: 'shop.example',
    Origin: 'https://shop.example',
    'X-Forwarded-For': '6.6.6.6, 203.0.113.7',
  }

  function guarded(headers: Record<string, string>, more: Partial<Settings> = {}) {
    const settings: Settings = {
      mailer: local.mailer,
      schema,
      to: 'owner@example.com',
      from: 'form@mg.example.com',
      message: ({ name, email, text }) => ({ subject: name, replyTo: email, text }),
      ...more,
    }
    return mailActionReading(settings, () => Promise.resolve(new Headers(headers)))
  }

  test.each([
    { Host: 'shop.example', Origin: 'https://shop.example' },
    { 'Sec-Fetch-Site': 'same-origin' },
  ])('takes a request with %j', async (headers) => {
    const state = await guarded(headers, { rateLimit: false })(idle, form(typed))

    expect(state.status).toBe('sent')
  })

  test.each([
    {},
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    // A route handler that calls an action is not protected by Next.js.
    { Host: 'shop.example', Origin: 'https://evil.test' },
    { Host: 'shop.example', Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' },
  ])('refuses a request with %j, as no page of the site sent it', async (headers) => {
    const onSpam = vi.fn<OnSpam>()

    const state = await guarded(headers, { onSpam })(idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'bad-request', values: {} })
    expect(onSpam).toHaveBeenCalledExactlyOnceWith('origin', expect.anything())
    expect(local.emulator.submissions).toEqual([])
  })

  test('takes a request from a site that the app allows', async () => {
    const headers = { Host: 'shop.example', Origin: 'https://www.partner.test' }
    const settings = { allowedOrigins: ['*.partner.test'], rateLimit: false } as const

    expect((await guarded(headers, settings)(idle, form(typed))).status).toBe('sent')
  })

  test('refuses a request that Next.js hides, unless told otherwise', async () => {
    const onError = vi.fn<OnError>()
    const hidden = (more: Partial<Settings>) =>
      mailActionReading(
        {
          mailer: local.mailer,
          schema,
          to: 'owner@example.com',
          from: 'form@mg.example.com',
          message: ({ text }) => ({ subject: 'Hi', text }),
          onError,
          ...more,
        },
        () => Promise.resolve('hidden'),
      )

    expect(await hidden({})(idle, form(typed))).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('Next.js 15.2') as string,
    })
    expect(local.emulator.submissions).toEqual([])
    expect((await hidden({ requireOrigin: false })(idle, form(typed))).status).toBe('sent')
  })

  test.each(['NEXT_RUNTIME', 'NODE_ENV'])(
    'takes a call without a request for a hidden one in a server, by %s',
    async (variable) => {
      vi.stubEnv(variable, variable === 'NODE_ENV' ? 'production' : 'nodejs')
      const action = createMailAction({
        mailer: local.mailer,
        schema,
        message: () => ({ from: 'a@mg.example.com', to: 'b@example.com', subject: 'a', text: 'b' }),
        onError: () => {},
      })

      expect(await action(idle, form(typed))).toMatchObject({ status: 'failed', reason: 'error' })
      vi.unstubAllEnvs()
      expect(await action(idle, form(typed))).toMatchObject({ status: 'sent' })
    },
  )

  test('takes a request without an origin if told so', async () => {
    const action = guarded({}, { requireOrigin: false, rateLimit: false })

    expect((await action(idle, form(typed))).status).toBe('sent')
  })

  test('answers "sent" to a bot that filled in the honeypot, and sends nothing', async () => {
    const onSpam = vi.fn<OnSpam>()

    const state = await guarded(own, { onSpam })(idle, form({ ...typed, website: 'http://x' }))

    expect(state).toEqual({ status: 'sent' })
    expect(onSpam).toHaveBeenCalledExactlyOnceWith('honeypot', expect.anything())
    expect(local.emulator.submissions).toEqual([])
  })

  test('takes an empty honeypot out of the input of a strict schema', async () => {
    const strict = createMailAction({
      mailer: local.mailer,
      schema: schema.strict(),
      honeypot: 'company',
      rateLimit: false,
      message: () => ({ from: 'a@mg.example.com', to: 'b@example.com', subject: 'a', text: 'b' }),
    })

    expect((await strict(idle, form({ ...typed, company: '' }))).status).toBe('sent')
    expect((await strict(idle, form({ ...typed, website: '' }))).status).toBe('invalid')
  })

  test('refuses at once a honeypot with the name of a field', () => {
    expect(() => guarded(own, { honeypot: 'email' })).toThrow(/ConfigError|'email'.*honeypot/)
  })

  test('lets one visitor send so many mails, and another his own', async () => {
    const onSpam = vi.fn<OnSpam>()
    const more = { onSpam, rateLimit: { limit: 1, bucket: 'visitors' } }
    const action = guarded(own, more)
    const other = guarded({ ...own, 'X-Forwarded-For': '198.51.100.1' }, more)

    expect((await action(idle, form({ ...typed, email: 'ada' }))).status).toBe('invalid')
    expect((await action(idle, form(typed))).status).toBe('sent')
    expect(await action(idle, form(typed))).toMatchObject({
      status: 'failed',
      reason: 'rate-limited',
      retryAfter: expect.closeTo(600, -1) as number,
      values: { email: typed.email },
    })
    expect((await other(idle, form(typed))).status).toBe('sent')
    expect(onSpam).toHaveBeenCalledExactlyOnceWith(
      'rate-limit',
      expect.objectContaining({ ip: '203.0.113.7', visitor: '203.0.113.7' }),
    )
  })

  test("asks the app's own rate limit", async () => {
    const rateLimit = ({ ip }: MailContext) => Promise.resolve(ip !== '203.0.113.7')

    const state = await guarded(own, { rateLimit })(idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'rate-limited' })
    expect(state).not.toHaveProperty('retryAfter')
  })

  test('sends to no address that a visitor typed, unless that is allowed', async () => {
    const onError = vi.fn<OnError>()
    const message = (input: z.infer<typeof schema>) => ({
      to: input.email,
      subject: 'Your copy',
      text: input.text,
    })
    const more = { message, onError, rateLimit: false } as const

    const refused = await guarded(own, more)(idle, form(typed))
    const allowed = await guarded(own, { ...more, allowInputRecipients: true })(idle, form(typed))

    expect(refused).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ path: 'to' })
    expect(allowed.status).toBe('sent')
    expect(local.emulator.submissions.map(({ envelope }) => envelope.to)).toEqual([
      ['ada@example.net'],
    ])
  })

  test.each([
    { replyTo: ['ada@example.net', 'bob@example.org'] },
    { replyTo: [] },
    { replyTo: 'ada@example.net, bob@example.org' },
    { mailgun: { archiveTo: 'https://typed.example/' } },
  ])('refuses %j', async (fields) => {
    const onError = vi.fn<OnError>()
    const message = () => ({ subject: 'a', text: 'b', ...fields })
    const text = 'https://typed.example/'

    const action = guarded(own, { message, onError, rateLimit: false })
    const state = await action(idle, form({ ...typed, text }))

    expect(state).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'InvalidOptionError' })
    expect(local.emulator.submissions).toEqual([])
  })

  test('keeps subject and names on one line, and short', async () => {
    const message = ({ name, email }: z.infer<typeof schema>) => ({
      subject: `Hi ${name}`,
      replyTo: { name, address: email },
      text: 'Hi',
    })
    const name = `A\r\nBcc: eve@example.org\u2028b\u202Ec\u0000${'d'.repeat(9000)}`

    await guarded(own, { message, rateLimit: false })(idle, form({ ...typed, name }))

    const [submission] = local.emulator.submissions
    // A form writes a line break of a text as CRLF.
    expect(submission?.subject).toBe(`Hi A Bcc: eve@example.org b c ${'d'.repeat(170)}`)
    expect(submission?.headers).toContainEqual([
      'Reply-To',
      `"A Bcc: eve@example.org b c ${'d'.repeat(173)}" <ada@example.net>`,
    ])
    expect(submission?.envelope.to).toEqual(['owner@example.com'])
    expect(submission?.headers.map(([field]) => field.toLowerCase())).not.toContain('bcc')
  })

  test.each([{ fields: 2 }, { totalLength: 30 }])('refuses more than %j', async (limits) => {
    const state = await guarded(own, { limits })(idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'bad-request', values: {} })
  })

  test.each([undefined, 'text', { name: 'Ada' }, new Map()])(
    'answers %j, which is not a form, in words',
    async (data) => {
      const state = await guarded(own)(idle, data as never)

      expect(state).toMatchObject({ status: 'failed', reason: 'bad-request' })
    },
  )

  test('gives its state as plain data', async () => {
    const states = [
      await guarded(own, { rateLimit: false })(idle, form(typed)),
      await guarded(own)(idle, form({ ...typed, email: '', name: '__proto__' })),
      await guarded({})(idle, form(typed)),
    ]

    expect(states.map((state) => structuredClone(state))).toEqual(states)
    expect(JSON.parse(JSON.stringify(states))).toEqual(states)
  })
})
