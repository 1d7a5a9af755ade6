import { createMailer } from '@mailgun-smtp/core'
import { describe, expect, test, vi } from 'vitest'
import { createMailAction } from '../../src/action/mail-action.ts'
import { form, idle, type OnError, schema, type Settings, typed } from '../contact/contact-form.ts'
import { emulated } from '../contact/emulated.ts'

const local = emulated()

function contact(more: Partial<Settings> = {}) {
  return createMailAction({
    mailer: local.mailer,
    schema,
    to: 'Owner <owner@example.com>',
    from: 'Shop <form@mg.example.com>',
    rateLimit: false,
    message: (input) => ({
      subject: `Question from ${input.name}`,
      replyTo: { name: input.name, address: input.email },
      text: input.text,
    }),
    ...more,
  })
}

describe('a mail action', () => {
  test('sends the mail and answers with its Message-ID', async () => {
    const action = contact({ options: { tags: ['contact'], track: false } })

    const state = await action(idle, form(typed))

    const copy = await local.emulator.waitFor({ to: 'owner@example.com' })
    expect(state).toEqual({ status: 'sent', messageId: copy.submission.messageId })
    expect(copy.submission).toMatchObject({
      subject: 'Question from Ada',
      from: 'Shop <form@mg.example.com>',
      envelope: { from: 'form@mg.example.com', to: ['owner@example.com'] },
      options: { tags: ['contact'], track: false },
    })
    expect(copy.submission.headers).toContainEqual(['Reply-To', 'Ada <ada@example.net>'])
    expect((await copy.load()).text.trim()).toBe('Hello,\nthere.')
  })

  test('answers what is wrong with the input, with what was typed', async () => {
    const state = await contact()(idle, form({ ...typed, name: '', email: 'ada', extra: 'x' }))

    expect(state).toEqual({
      status: 'invalid',
      fieldErrors: { name: ['Your name, please.'], email: ['Not an address.'] },
      formErrors: [],
      values: { name: '', email: 'ada', text: 'Hello,\nthere.' },
    })
    expect(local.emulator.submissions).toEqual([])
  })

  test('takes options from the input, under those of the message', async () => {
    const action = contact({
      options: (input) => ({ tags: ['contact'], variables: { name: input.name, from: 'options' } }),
      message: () => ({
        subject: 'Hi',
        text: 'Hi',
        mailgun: { tags: ['urgent'], variables: { from: 'message' } },
      }),
    })

    await action(idle, form(typed))

    expect(local.emulator.submissions[0]?.options).toEqual({
      tags: ['contact', 'urgent'],
      variables: { name: 'Ada', from: 'message' },
    })
  })

  test('takes any Standard Schema, also one that answers later', async () => {
    const action = createMailAction({
      mailer: local.mailer,
      schema: {
        '~standard': {
          version: 1,
          vendor: 'by hand',
          validate: async (value: unknown) => {
            await Promise.resolve()
            return Reflect.get(Object(value), 'text') === 'good'
              ? { value: 'good' }
              : { issues: [{ message: 'Not good.', path: [{ key: 'text' }] }, { message: 'No.' }] }
          },
        },
      },
      fields: [],
      message: () => ({ from: 'a@mg.example.com', to: 'b@example.com', subject: 'Hi', text: 'Hi' }),
    })

    expect(await action(idle, form({ text: 'bad' }))).toEqual({
      status: 'invalid',
      fieldErrors: { text: ['Not good.'] },
      formErrors: ['No.'],
      values: {},
    })
    expect(await action(idle, form({ text: 'good' }))).toMatchObject({ status: 'sent' })
  })

  test('never reads the previous state, which comes from the browser', async () => {
    const forged = new Proxy(idle, {
      get() {
        throw new Error('It was read.')
      },
    })

    expect(await contact()(forged, form(typed))).toMatchObject({ status: 'sent' })
  })

  test('tells onSuccess of the receipt, and stays sent if that fails', async () => {
    const onError = vi.fn<OnError>()
    const action = contact({
      onError,
      onSuccess: (receipt, input) => {
        throw new Error(`${receipt.accepted.join()} ${input.name}`)
      },
    })

    const state = await action(idle, form(typed))

    expect(state.status).toBe('sent')
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      new Error('owner@example.com Ada'),
      expect.objectContaining({ ip: undefined }),
    )
  })

  test('goes to another page when the mail is sent, and only then', async () => {
    const action = contact({ redirectTo: '/thanks' })

    await expect(action(idle, form(typed))).rejects.toMatchObject({
      digest: expect.stringMatching(/^NEXT_REDIRECT;\w+;\/thanks;/) as string,
    })
    expect(await action(idle, form({ ...typed, email: '' }))).toMatchObject({ status: 'invalid' })
    expect(local.emulator.submissions).toHaveLength(1)
  })

  test.each(['message', 'onSuccess'] as const)('lets %s redirect', async (callback) => {
    const { redirect } = await import('next/navigation.js')
    const onError = vi.fn<OnError>()
    const action = contact({ onError, [callback]: () => redirect('/elsewhere') })

    await expect(action(idle, form(typed))).rejects.toMatchObject({
      digest: expect.stringContaining('/elsewhere') as string,
    })
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('a mail action that cannot send', () => {
  test('answers the outcome, keeps what was typed and says nothing of the server', async () => {
    await using wrong = createMailer({
      ...local.emulator.transport,
      auth: { ...local.emulator.transport.auth, pass: 'secret-canary' },
    })
    const onError = vi.fn<OnError>()

    const state = await contact({ mailer: wrong, onError })(idle, form(typed))

    expect(state).toEqual({
      status: 'failed',
      reason: 'deferred',
      formErrors: ['Your message could not be sent now. Please try again later.'],
      values: { ...typed, text: 'Hello,\nthere.' },
    })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ code: 'ERR_MAILGUN_AUTH' })
  })

  test('answers an error where the site is at fault', async () => {
    const fault = new Error('The database is away.')
    const onError = vi.fn<OnError>()
    const action = contact({
      onError,
      message: () => {
        throw fault
      },
    })

    expect(await action(idle, form(typed))).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toBe(fault)
  })

  test('says so if the mail has no recipient', async () => {
    const onError = vi.fn<OnError>()

    const state = await contact({ to: undefined, onError })(idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'ConfigError' })
  })

  test('logs the failure without onError, without address or content', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const action = contact({ message: ({ text }) => ({ to: 'canary', subject: 'a', text }) })

    await action(idle, form({ ...typed, name: 'canary', text: 'canary' }))

    expect(log).toHaveBeenCalledOnce()
    expect(String(log.mock.lastCall)).toContain('InvalidOptionError')
    expect(String(log.mock.lastCall)).not.toMatch(/canary|example.net/)
    log.mockRestore()
  })

  test('speaks in the words of the app', async () => {
    const german = contact({
      message: () => ({}),
      to: undefined,
      messages: { error: 'Ein Fehler.' },
    })
    const french = contact({ limits: { fieldLength: 3 }, messages: (code) => `fr:${code}` })
    vi.spyOn(console, 'error').mockImplementation(() => {})

    expect((await german(idle, form(typed))).formErrors).toEqual(['Ein Fehler.'])
    expect((await french(idle, form(typed))).fieldErrors).toEqual({
      email: ['fr:too-long'],
      text: ['fr:too-long'],
    })
    vi.restoreAllMocks()
  })
})
