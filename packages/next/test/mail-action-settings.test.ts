import { createMailer, type Mailer } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createMailAction } from '../src/mail-action.ts'
import { createFormStamp } from '../src/form-stamp.ts'
import {
  form,
  idle,
  type OnError,
  type OnSpam,
  schema,
  type Settings,
  typed,
} from './contact-form.ts'

let emulator: MailgunEmulator
let mailer: Mailer

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  mailer = createMailer(emulator.transport)
})
afterAll(async () => {
  await mailer.close()
  await emulator.close()
})
beforeEach(() => emulator.reset())

const fixed = () =>
  ({
    mailer,
    schema,
    to: 'owner@example.com',
    from: 'form@mg.example.com',
    rateLimit: false,
  }) as const
const contact = (more: Partial<Settings> = {}) =>
  createMailAction({
    ...fixed(),
    message: ({ name, email, text }) => ({ subject: name, replyTo: email, text }),
    ...more,
  })

describe('bound arguments of an action', () => {
  const towards = (onSpam?: OnSpam) =>
    createMailAction({
      ...fixed(),
      onSpam,
      boundSchema: z.tuple([z.enum(['sales', 'support']), z.number()]),
      options: (_input, _context, department) => ({ tags: [department] }),
      message: ({ text }, _context, department, order) => ({
        subject: `${department} ${order}`,
        text,
      }),
    })

  test('reach the message and the options, checked', async () => {
    const state = await towards().bind(null, 'sales', 7)(idle, form(typed))

    expect(state.status).toBe('sent')
    expect(emulator.submissions).toMatchObject([
      { subject: 'sales 7', options: { tags: ['sales'] } },
    ])
  })

  test.each([[['victim@example.org', 7]], [['sales']], [[]], [['sales', 7, 'more']]])(
    'are refused where they were changed: %j',
    async (bound) => {
      const onSpam = vi.fn<OnSpam>()

      const state: unknown = await Reflect.apply(towards(onSpam), null, [
        ...bound,
        idle,
        form(typed),
      ])

      expect(state).toMatchObject({
        status: 'failed',
        reason: 'bad-request',
        values: { name: 'Ada' },
      })
      expect(onSpam).toHaveBeenCalledExactlyOnceWith('bound', expect.anything())
      expect(emulator.submissions).toEqual([])
    },
  )

  test('are refused where the action takes none', async () => {
    const onSpam = vi.fn<OnSpam>()

    const state: unknown = await Reflect.apply(contact({ onSpam }), null, [
      'sales',
      idle,
      form(typed),
    ])

    expect(state).toMatchObject({ status: 'failed', reason: 'bad-request' })
    expect(onSpam).toHaveBeenCalledExactlyOnceWith('bound', expect.anything())
  })

  test('never become a recipient', async () => {
    const onError = vi.fn<OnError>()
    const action = createMailAction({
      ...fixed(),
      onError,
      boundSchema: z.tuple([z.object({ nested: z.array(z.string()) })]),
      message: (_input, _context, { nested: [to] }) => ({ to, subject: 'Hi', text: 'Hi' }),
    })

    const state = await action({ nested: ['victim@example.org'] }, idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'InvalidOptionError', path: 'to' })
    expect(emulator.submissions).toEqual([])
  })
})

describe('files of an action', () => {
  const withFiles = () =>
    createMailAction({
      ...fixed(),
      attachments: { fields: ['files'], maxFiles: 2, maxFileBytes: 10 },
      message: ({ text }) => ({
        subject: 'Files',
        text,
        attachments: [{ filename: 'terms.txt', content: 'Terms.' }],
      }),
    })
  function submitted(...files: readonly File[]): FormData {
    const data = form(typed)
    for (const file of files) data.append('files', file)
    return data
  }

  test('go with the mail, beside those of the message', async () => {
    const files = [new File(['one'], 'one.txt'), new File(['\u0000\u00ff'], '../two.pdf')]

    const state = await withFiles()(idle, submitted(...files, new File([], '')))

    expect(state.status).toBe('sent')
    const mail = await (await emulator.waitFor({ to: 'owner@example.com' })).load()
    expect(mail.attachments.map(({ filename, size }) => [filename, size])).toEqual([
      ['terms.txt', 6],
      ['one.txt', 3],
      ['two.pdf', 3],
    ])
  })

  test('are optional', async () => {
    expect((await withFiles()(idle, submitted(new File([], 'undefined')))).status).toBe('sent')
  })

  test('are complained of at their field, with what else is wrong', async () => {
    const files = ['one.txt', 'two.txt', 'three.exe'].map(
      (name, at) => new File(['x'.repeat(9 + at)], name),
    )
    const data = submitted(...files)
    data.set('email', 'ada')

    const state = await withFiles()(idle, data)

    expect(state).toEqual({
      status: 'invalid',
      fieldErrors: {
        files: [
          'These are too many files.',
          'This file is too large.',
          'This kind of file is not accepted.',
        ],
        email: ['Not an address.'],
      },
      formErrors: [],
      values: { name: 'Ada', email: 'ada', text: 'Hello,\nthere.' },
    })
    expect(emulator.submissions).toEqual([])
  })

  test('may be read by a schema that names them', async () => {
    const action = createMailAction({
      ...fixed(),
      schema: schema.extend({ files: z.file().mime('application/pdf') }),
      attachments: { fields: ['files'] },
      message: ({ files }) => ({ subject: files.name, text: 'Hi' }),
    })

    const pdf = new File(['x'], 'a.pdf', { type: 'application/pdf' })
    expect((await action(idle, submitted(pdf))).status).toBe('sent')
    expect(await action(idle, submitted(new File(['x'], 'a.txt')))).toMatchObject({
      status: 'invalid',
      fieldErrors: { files: [expect.any(String)] },
    })
  })

  test('make no recipient of their names', async () => {
    const action = createMailAction({
      ...fixed(),
      onError: () => {},
      schema: z.object({ files: z.file() }),
      attachments: { fields: ['files'] },
      message: ({ files }) => ({ to: files.name.replace('.txt', ''), subject: 'Hi', text: 'Hi' }),
    })
    const data = new FormData()
    data.append('files', new File(['x'], 'eve@example.org.txt'))

    expect(await action(idle, data)).toMatchObject({ status: 'failed', reason: 'error' })
    expect(emulator.submissions).toEqual([])
  })
})

describe('a stamp of an action', () => {
  const secret = 'a secret of thirty-two characters'

  test('lets those pass who took their time', async () => {
    const stamp = createFormStamp({ secret, name: 'seal' })
    const action = contact({ stamp })

    const state = await action(idle, form({ ...typed, seal: stamp.issue(Date.now() - 3000) }))

    expect(state.status).toBe('sent')
  })

  test('stops those who were too quick, or bring none, and keeps what was typed', async () => {
    const stamp = createFormStamp({ secret })
    const onSpam = vi.fn<OnSpam>()
    const action = contact({ stamp, onSpam })

    const quick = await action(idle, form({ ...typed, 'form-stamp': stamp.issue(Date.now()) }))
    const none = await action(idle, form(typed))

    expect(quick).toMatchObject({
      status: 'failed',
      reason: 'too-soon',
      retryAfter: 2,
      formErrors: ['That was very quick. Please send it once more.'],
      values: { name: 'Ada' },
    })
    expect(none).toMatchObject({ status: 'failed', reason: 'bad-request', values: { name: 'Ada' } })
    expect(onSpam.mock.calls.map(([reason]) => reason)).toEqual(['stamp', 'stamp'])
    expect(emulator.submissions).toEqual([])
  })

  test('sends nothing without its secret, and says so', async () => {
    const onError = vi.fn<OnError>()
    const action = contact({ stamp: createFormStamp({ secret: undefined }), onError })

    expect(await action(idle, form(typed))).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'ConfigError' })
  })

  test('cannot have the name of a field', () => {
    expect(() => contact({ stamp: createFormStamp({ secret, name: 'text' }) })).toThrow(
      /'text'.*createFormStamp/,
    )
  })
})

describe("mode 'after'", () => {
  test('answers "sent" without a Message-ID, and tells onSuccess of it', async () => {
    const onSuccess = vi.fn<NonNullable<Settings['onSuccess']>>()

    const state = await contact({ mode: 'after', onSuccess })(idle, form(typed))

    expect(state).toEqual({ status: 'sent' })
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ messageId: emulator.submissions[0]?.messageId }),
      expect.objectContaining({ name: 'Ada' }),
      expect.objectContaining({ visitor: undefined }),
    )
  })

  test('tells of what fails then, and answers "sent" all the same', async () => {
    emulator.faults.next({ at: 'data', reply: [554, 'No.'] })
    const onError = vi.fn<OnError>()

    const state = await contact({ mode: 'after', onError })(idle, form(typed))

    expect(state).toEqual({ status: 'sent' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ outcome: 'rejected' })
    expect(onError.mock.lastCall?.[1]).toMatchObject({ visitor: undefined })
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
    expect(emulator.submissions).toHaveLength(1)
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
    expect(emulator.submissions).toMatchObject([
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

    const mail = await (await emulator.waitFor({ to: 'owner@example.com' })).load()
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
    const { messageId = '' } = emulator.submissions[0] ?? {}

    const states = await Promise.all(
      [1, 2].map(() => action(idle, form({ ...typed, website: 'http://x' }))),
    )

    const make = (id: string | undefined) => id?.replaceAll(/[\da-f]/g, '0')
    expect(states.map(({ status }) => status)).toEqual(['sent', 'sent'])
    expect(states.map((state) => make(state.messageId))).toEqual([make(messageId), make(messageId)])
    expect(new Set([messageId, ...states.map((state) => state.messageId)]).size).toBe(3)
    expect(emulator.submissions).toHaveLength(1)
  })

  test('is led to the same page', async () => {
    const action = contact({ redirectTo: '/thanks' })

    await expect(action(idle, form({ ...typed, website: 'x' }))).rejects.toMatchObject({
      digest: expect.stringContaining('/thanks') as string,
    })
    expect(emulator.submissions).toEqual([])
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
