import { describe, expect, test, vi } from 'vitest'
import { contactBy } from '../contact/contact-action.ts'
import { form, idle, type OnError, type Settings, typed } from '../contact/contact-form.ts'
import { emulated } from '../contact/emulated.ts'

const local = emulated()

const contact = (more?: Partial<Settings>) => contactBy(local.mailer, more)

describe("mode 'after'", () => {
  test('answers "sent" without a Message-ID, and tells onSuccess of it', async () => {
    const onSuccess = vi.fn<NonNullable<Settings['onSuccess']>>()

    const state = await contact({ mode: 'after', onSuccess })(idle, form(typed))

    expect(state).toEqual({ status: 'sent' })
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ messageId: local.emulator.submissions[0]?.messageId }),
      expect.objectContaining({ name: 'Ada' }),
      expect.objectContaining({ ip: undefined }),
    )
  })

  test('tells of what fails then, and answers "sent" all the same', async () => {
    local.emulator.faults.next({ at: 'data', reply: [554, 'No.'] })
    const onError = vi.fn<OnError>()

    const state = await contact({ mode: 'after', onError })(idle, form(typed))

    expect(state).toEqual({ status: 'sent' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ outcome: 'rejected' })
    expect(onError.mock.lastCall?.[1]).toMatchObject({ ip: undefined })
  })

  test('answers at once what is wrong with the mail itself', async () => {
    const onError = vi.fn<OnError>()
    const message: Settings['message'] = ({ email }) => ({ to: email, subject: 'Hi', text: 'Hi' })

    const state = await contact({ mode: 'after', message, onError })(idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ path: 'to' })
  })

  test('goes to another page at once', async () => {
    const action = contact({ mode: 'after', redirectTo: '/thanks' })

    await expect(action(idle, form(typed))).rejects.toMatchObject({
      digest: expect.stringContaining('/thanks') as string,
    })
    expect(local.emulator.submissions).toHaveLength(1)
  })

  test('outlives callbacks that fail', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const onSuccess = () => Promise.reject(new Error('The database is away.'))
    const onError = () => Promise.reject(new Error('So is the log.'))

    const state = await contact({ mode: 'after', onSuccess, onError })(idle, form(typed))

    expect(state).toEqual({ status: 'sent' })
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })
})

describe('what an action mails', () => {
  test('goes to addresses that are found when it is sent', async () => {
    const to = vi.fn<() => Promise<string>>(() => Promise.resolve('Owner <owner@example.com>'))
    const action = contact({ to, from: () => 'Late <late@mg.example.com>' })
    expect(to).not.toHaveBeenCalled()

    await action(idle, form(typed))

    expect(to).toHaveBeenCalledExactlyOnceWith()
    expect(local.emulator.submissions).toMatchObject([
      { from: 'Late <late@mg.example.com>', envelope: { to: ['owner@example.com'] } },
    ])
  })

  test('goes to the owner also if a visitor typed that address', async () => {
    const state = await contact()(idle, form({ ...typed, email: 'owner@example.com' }))

    expect(state.status).toBe('sent')
  })

  test('may be a React body', async () => {
    const action = contact({
      message: ({ name }) => ({ subject: 'Hi', react: `Hi ${name}` }),
      render: (body) => ({ html: `<p>${body as string}</p>`, text: body as string }),
    })

    await action(idle, form(typed))

    const mail = await (await local.emulator.waitFor({ to: 'owner@example.com' })).load()
    expect(mail).toMatchObject({ html: expect.stringContaining('<p>Hi Ada</p>') as string })
    expect(mail.text.trim()).toBe('Hi Ada')
  })
})

describe('callbacks of an action', () => {
  test('of spam that fail are told of, and change no answer', async () => {
    const fault = new Error('The log is away.')
    const onError = vi.fn<OnError>()
    const action = contact({ onError, onSpam: () => Promise.reject(fault) })

    const state = await action(idle, form({ ...typed, website: 'x' }))

    expect(state.status).toBe('sent')
    expect(onError.mock.lastCall?.[0]).toBe(fault)
  })

  test('of spam may lead to another page', async () => {
    const { redirect } = await import('next/navigation.js')
    const action = contact({ onSpam: () => redirect('/robots') })

    await expect(action(idle, form({ ...typed, website: 'x' }))).rejects.toMatchObject({
      digest: expect.stringContaining('/robots') as string,
    })
  })

  test('of failures that fail are logged, and change no answer', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const action = contact({
      message: () => Promise.reject(new Error('The database is away.')),
      onError: () => Promise.reject(new Error('So is the log.')),
    })

    expect(await action(idle, form(typed))).toMatchObject({ status: 'failed', reason: 'error' })
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })
})

describe('a robot in the honeypot', () => {
  test('is answered as a visitor is, with a Message-ID of the same make', async () => {
    const action = contact()
    await action(idle, form(typed))
    const { messageId = '' } = local.emulator.submissions[0] ?? {}

    const states = await Promise.all(
      [1, 2].map(() => action(idle, form({ ...typed, website: 'http://x' }))),
    )

    const make = (id: string | undefined) => id?.replaceAll(/[\da-f]/g, '0')
    expect(states.map(({ status }) => status)).toEqual(['sent', 'sent'])
    expect(states.map((state) => make(state.messageId))).toEqual([make(messageId), make(messageId)])
    expect(new Set([messageId, ...states.map((state) => state.messageId)]).size).toBe(3)
    expect(local.emulator.submissions).toHaveLength(1)
  })

  test('is led to the same page', async () => {
    const action = contact({ redirectTo: '/thanks' })

    await expect(action(idle, form({ ...typed, website: 'x' }))).rejects.toMatchObject({
      digest: expect.stringContaining('/thanks') as string,
    })
    expect(local.emulator.submissions).toEqual([])
  })
})

test('messages may be a translation that answers later', async () => {
  const action = contact({
    limits: { fieldLength: 3 },
    messages: (code, { headers }) => Promise.resolve(`${headers.get('accept-language')}:${code}`),
  })

  expect((await action(idle, form(typed))).fieldErrors).toEqual({
    email: ['null:too-long'],
    text: ['null:too-long'],
  })
})
