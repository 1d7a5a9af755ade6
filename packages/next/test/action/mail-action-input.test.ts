import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createMailAction } from '../../src/action/mail-action.ts'
import { createFormStamp } from '../../src/protection/form-stamp.ts'
import { contactBy, fixed } from '../contact/contact-action.ts'
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

const contact = (more?: Partial<Settings>) => contactBy(local.mailer, more)

describe('bound arguments of an action', () => {
  const towards = (onSpam?: OnSpam) =>
    createMailAction({
      ...fixed(local.mailer),
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
    expect(local.emulator.submissions).toMatchObject([
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
      expect(local.emulator.submissions).toEqual([])
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
      ...fixed(local.mailer),
      onError,
      boundSchema: z.tuple([z.object({ nested: z.array(z.string()) })]),
      message: (_input, _context, { nested: [to] }) => ({ to, subject: 'Hi', text: 'Hi' }),
    })

    const state = await action({ nested: ['victim@example.org'] }, idle, form(typed))

    expect(state).toMatchObject({ status: 'failed', reason: 'error' })
    expect(onError.mock.lastCall?.[0]).toMatchObject({ name: 'InvalidOptionError', path: 'to' })
    expect(local.emulator.submissions).toEqual([])
  })
})

describe('files of an action', () => {
  const withFiles = () =>
    createMailAction({
      ...fixed(local.mailer),
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
    const mail = await (await local.emulator.waitFor({ to: 'owner@example.com' })).load()
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
    expect(local.emulator.submissions).toEqual([])
  })

  test('may be read by a schema that names them', async () => {
    const action = createMailAction({
      ...fixed(local.mailer),
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
      ...fixed(local.mailer),
      onError: () => {},
      schema: z.object({ files: z.file() }),
      attachments: { fields: ['files'] },
      message: ({ files }) => ({ to: files.name.replace('.txt', ''), subject: 'Hi', text: 'Hi' }),
    })
    const data = new FormData()
    data.append('files', new File(['x'], 'eve@example.org.txt'))

    expect(await action(idle, data)).toMatchObject({ status: 'failed', reason: 'error' })
    expect(local.emulator.submissions).toEqual([])
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
    expect(local.emulator.submissions).toEqual([])
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
