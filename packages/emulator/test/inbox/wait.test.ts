import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  transporter = openMailClient(emulator)
})
afterEach(() => emulator.reset())
afterAll(async () => {
  transporter.close()
  await emulator.close()
})

async function send(to: string, subject: string, tag: string): Promise<string> {
  const headers = { 'X-Mailgun-Tag': tag }
  const from = 'Shop <shop@mg.example.com>'
  const { messageId } = await transporter.sendMail({ from, to, subject, text: 'x', headers })
  return messageId
}

describe('waitFor', () => {
  test('finds a message that is already there, the newest of several', async () => {
    await send('ada@example.com', 'Welcome', 'signup')
    const second = await send('ada@example.com', 'Welcome', 'signup')

    const message = await emulator.waitFor({ to: 'ADA@example.com', tag: 'SignUp' })

    expect(message.submission.messageId).toBe(second)
  })

  test('waits for one that is still to come', async () => {
    const waiting = emulator.waitFor({ subject: /^wel/i, from: 'shop@mg.example.com' })
    await send('bob@example.com', 'Other', 'x')
    await send('ada@example.com', 'Welcome', 'x')

    expect((await waiting).recipient).toBe('ada@example.com')
  })

  test.each([
    ['its Message-ID', (messageId: string) => ({ messageId })],
    ['its Message-ID without brackets', (id: string) => ({ messageId: id.slice(1, -1) })],
    ['a subject', () => ({ subject: 'Welcome' })],
    ['an expression that remembers where it was', () => ({ subject: /W/g })],
    ['nothing in particular', () => ({})],
  ])('finds a message by %s', async (_, filter) => {
    const messageId = await send('ada@example.com', 'Welcome', 'x')
    const condition = filter(messageId)

    await emulator.waitFor(condition)
    const message = await emulator.waitFor(condition)

    expect(message.submission.messageId).toBe(messageId)
  })

  test('finds a message by a function, and passes on what the function throws', async () => {
    const waiting = emulator.waitFor((message) => message.to === 'ada@example.com')
    const failing = emulator.waitFor(() => {
      throw new Error('mine')
    })
    await Promise.all([
      expect(failing).rejects.toThrow('mine'),
      send('ada@example.com', 'Welcome', 'x'),
    ])

    expect((await waiting).subject).toBe('Welcome')
  })

  test('gives the first message after another one, or after a time', async () => {
    await send('ada@example.com', 'First', 'x')
    const first = await emulator.waitFor({ to: 'ada@example.com' })
    const waiting = emulator.waitFor({ to: 'ada@example.com' }, { after: first })
    await send('bob@example.com', 'Other', 'x')
    await send('ada@example.com', 'Second', 'x')
    await send('ada@example.com', 'Third', 'x')

    expect((await waiting).subject).toBe('Second')
    const second = await emulator.waitFor({ to: 'ada@example.com' }, { after: first.submission })
    expect(second.subject).toBe('Second')
    const before = new Date(first.submission.receivedAt.getTime() - 1)
    expect((await emulator.waitFor({}, { after: before })).subject).toBe('First')
    await expect(
      emulator.waitFor({ to: 'ada@example.com' }, { after: new Date(), timeout: 1 }),
    ).rejects.toThrow('Waited 1 ms')
  })

  test('says in the end which messages were nearest and what differed', async () => {
    await send('bob@example.com', 'Your order', 'order')
    await send('ada@example.com', 'Welcome', 'newsletter')

    const waiting = emulator.waitFor({ to: 'ada@example.com', tag: 'signup' }, { timeout: 1 })

    await expect(waiting).rejects.toMatchObject({
      name: 'TimeoutError',
      message: expect.stringMatching(
        /^Waited 1 ms for a mail with to 'ada@example\.com', tag 'signup'\. 2 mails are there, the nearest:[^]*subject +Welcome[^]*newsletter[^]*not 'signup'/,
      ) as unknown,
    })
  })

  test('says that nothing came at all', async () => {
    const waiting = emulator.waitFor(() => true, { timeout: 1 })

    await expect(waiting).rejects.toThrow('Waited 1 ms for a mail that fits. No mail is there.')
  })

  test('ends when it is aborted', async () => {
    const controller = new AbortController()
    const waiting = emulator.waitFor({ to: 'x@y.z' }, { signal: controller.signal })

    controller.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
    await expect(emulator.waitFor({ to: 'x@y.z' }, { signal: controller.signal })).rejects.toThrow(
      'enough',
    )
  })

  test('ends when the emulator closes', async () => {
    const other = await createMailgunEmulator()

    await Promise.all([expect(other.waitFor({})).rejects.toThrow('closed'), other.close()])

    await expect(other.waitFor({})).rejects.toThrow('closed')
  })

  test('refuses a field that no message has', async () => {
    const filter = { too: 'ada@example.com' } as object

    await expect(emulator.waitFor(filter)).rejects.toThrow(
      "A mail filter has no field 'too'; it has to, from, subject, tag, messageId, state.",
    )
  })
})

describe('the inbox', () => {
  test('keeps the newest, by count and by bytes', async () => {
    const few = await createMailgunEmulator({ httpPort: false, retention: { messages: 2 } })
    const small = await createMailgunEmulator({ httpPort: false, retention: { bytes: 1_500 } })
    for (const emulator of [few, small]) {
      const own = openMailClient(emulator)
      for (const subject of ['1', '2', '3']) {
        const text = `${'x'.repeat(70)}\n`.repeat(10)
        await own.sendMail({ from: 'a@mg.example.com', to: 'b@c.d', subject, text })
      }
      own.close()
    }

    expect(few.submissions.map(({ subject }) => subject)).toEqual(['2', '3'])
    expect(small.submissions.map(({ subject }) => subject)).toEqual(['3'])
    await few.close()
    await small.close()
  })

  test('is empty after a reset, and waits anew', async () => {
    await send('ada@example.com', 'Before', 'x')
    emulator.reset()
    expect(emulator.messages).toEqual([])

    const waiting = emulator.waitFor({ to: 'ada@example.com' })
    await send('ada@example.com', 'After', 'x')

    expect((await waiting).subject).toBe('After')
  })
})
