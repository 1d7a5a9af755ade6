import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createEmulatorClient,
  EmulatorRequestError,
  type EmulatorClient,
} from '../../src/client/index.ts'
import {
  createMailgunEmulator,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
} from '../../src/index.ts'

interface Setting {
  readonly emulator: MailgunEmulator
  readonly client: EmulatorClient
  readonly send: (mail?: SendMailOptions) => Promise<unknown>
}

async function open(options: MailgunEmulatorOptions = {}): Promise<Setting> {
  const emulator = await createMailgunEmulator(options)
  onTestFinished(() => emulator.close())
  const send = async (mail: SendMailOptions = {}): Promise<void> => {
    const transporter = createTransport(emulator.transport)
    try {
      await transporter.sendMail({ from: 'a@mg.example.com', to: 'ada@example.com', ...mail })
    } finally {
      transporter.close()
    }
  }
  return { emulator, client: createEmulatorClient(emulator.httpUrl ?? ''), send }
}

/** The address of a server that is no emulator. */
async function openStranger(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const tagged = { headers: { 'X-Mailgun-Tag': 'reset' } }

describe('a client', () => {
  test('tells where the emulator listens', async () => {
    const { emulator, client } = await open({ domains: ['mg.example.com', 'b.example.com'] })

    expect(client.url).toBe(emulator.httpUrl)
    expect(await client.info()).toMatchObject({
      port: emulator.port,
      securePort: emulator.securePort,
      domains: ['mg.example.com', 'b.example.com'],
    })
  })

  test('waits for a message, and reads what its recipient reads', async () => {
    const { client, send } = await open()
    const waiting = client.waitFor({ to: 'ada@example.com', subject: 'Reset' }, { timeout: 20_000 })

    await send({ subject: 'Other' })
    await send({
      ...tagged,
      subject: 'Reset',
      text: 'Your code is 123456.',
      html: '<a href="https://shop.example.com/reset?t=1">Reset</a>',
      attachments: [{ filename: 'terms.pdf', content: 'PDF!' }],
    })

    const message = await waiting
    expect(message).toMatchObject({
      recipient: 'ada@example.com',
      subject: 'Reset',
      state: 'delivered',
      text: 'Your code is 123456.',
      links: ['https://shop.example.com/reset?t=1'],
      codes: ['123456'],
      attachments: [{ n: 0, filename: 'terms.pdf', contentType: 'application/pdf', size: 4 }],
    })
    expect(message.html?.trim()).toBe('<a href="https://shop.example.com/reset?t=1">Reset</a>')
    expect(await client.get(message.id)).toEqual(message)
    expect(await client.source(message.id)).toContain('\r\nSubject: Reset\r\n')
    const page = await fetch(client.htmlUrl(message.id))
    expect(await page.text()).toContain('https://shop.example.com/reset?t=1')
  })

  test('tells after the timeout what came instead', async () => {
    const { client, send } = await open()
    await send({ subject: 'Hello' })

    const waiting = client.waitFor({ subject: 'Reset' }, { timeout: 1 })

    await expect(waiting).rejects.toThrow(EmulatorRequestError)
    await expect(waiting).rejects.toMatchObject({
      name: 'TimeoutError',
      timedOut: true,
      message: expect.stringMatching(/^Waited 1 ms for .*'Reset'[^]*Hello/) as unknown,
    })
  })

  test('stops waiting when it is told to', async () => {
    const { client } = await open()
    const gone = new AbortController()
    const waiting = client.waitFor({}, { timeout: 60_000, signal: gone.signal })
    const none = client.waitForNone({}, { within: 60_000, signal: gone.signal })

    gone.abort(new Error('The test is over.'))

    await expect(waiting).rejects.toThrow('The test is over.')
    await expect(none).rejects.toThrow('The test is over.')
  })

  test('makes sure that nothing came', async () => {
    const { client, send } = await open()
    await send({ subject: 'Hello' })

    await client.waitForNone({ subject: 'Reset' }, { within: 1 })
    await expect(client.waitForNone({ to: 'ADA@example.com' })).rejects.toThrow(
      "there is 'Hello' to ada@example.com.",
    )
  })

  test('lists messages newest first, and those that fit', async () => {
    const { client, send } = await open()
    await send({ subject: 'one' })
    await send({ ...tagged, subject: 'two', to: 'b@c.d' })
    await send({ subject: 'three', headers: { 'X-Mailgun-Drop-Message': 'yes' } })

    const subjects = async (...filter: Parameters<typeof client.list>): Promise<string[]> =>
      (await client.list(...filter)).map(({ subject }) => subject)
    expect(await subjects()).toEqual(['three', 'two', 'one'])
    expect(await subjects({ to: 'b@c.d', tag: 'RESET' })).toEqual(['two'])
    expect(await subjects({ state: 'delivered' })).toEqual(['two', 'one'])
    expect(await subjects({ state: 'dropped' })).toEqual(['three'])
  })

  test('shows a submission with its options', async () => {
    const { client, send } = await open()
    await send({ ...tagged, to: 'a@b.c, d@e.f' })

    const [{ id, copies } = { id: '', copies: 0 }] = await client.submissions()

    expect(copies).toBe(2)
    expect(await client.submission(id)).toMatchObject({
      id,
      tags: ['reset'],
      options: [{ option: 'tags', value: ['reset'] }],
      messages: [{ recipient: 'a@b.c' }, { recipient: 'd@e.f' }],
    })
  })

  test('empties the inbox', async () => {
    const { emulator, client, send } = await open()
    await send()

    await client.empty()

    expect(emulator.messages).toEqual([])
    expect(await client.list()).toEqual([])
  })

  test('calls up faults, tells them and takes them back', async () => {
    const { client, send } = await open()
    const later = { fault: { at: 'data', reply: [451, 'later'] }, select: { next: 2 } } as const

    const replaced = await client.faults.replace([later])
    await expect(send()).rejects.toThrow('451 later')

    expect(replaced).toEqual([{ ...later, fired: 0 }])
    expect(await client.faults.list()).toEqual([{ ...later, select: { next: 1 }, fired: 1 }])
    const drop = { fault: { at: 'mail', drop: true }, select: 'always' } as const
    expect(await client.faults.add(drop)).toMatchObject(
      [later.fault, drop.fault].map((fault) => ({ fault })),
    )
    await client.faults.clear()
    expect(await client.faults.list()).toEqual([])
    await send()
  })

  test('moves a virtual clock', async () => {
    const { client, send } = await open({ clock: 'virtual' })
    const before = await client.clock.now()
    const moment = new Date(before.getTime() + 3_600_000).toUTCString()
    await send({ subject: 'Later', headers: { 'X-Mailgun-Deliver-By': moment } })
    await client.waitForNone({ subject: 'Later' }, { within: 1 })

    const after = await client.clock.advance('1h')

    expect(after.getTime() - before.getTime()).toBe(3_600_000)
    expect(await client.clock.now()).toEqual(after)
    expect(await client.waitFor({ subject: 'Later' })).toMatchObject({ state: 'delivered' })
  })

  test('tells who got how many copies, and what was said', async () => {
    const { client, send } = await open()
    await send({ messageId: '<1@mg.example.com>' })
    await send({ to: 'b@c.d' })

    expect(await client.ledger()).toMatchObject({ count: 2, forgotten: 0 })
    expect(await client.ledger({ messageId: '1@mg.example.com' })).toMatchObject({
      count: 1,
      copies: [{ recipient: 'ada@example.com', acknowledged: true }],
    })
    const [session] = await client.sessions()
    const { lines } = await client.session(session?.id ?? '')
    expect(lines.map(({ text }) => text)).toContain('RCPT TO:<b@c.d>')
  })
})

describe('a client refuses', () => {
  test.each([[''], ['127.0.0.1:8025'], ['ftp://127.0.0.1/'], [undefined]])(
    '%j for an address',
    (url) => {
      expect(() => createEmulatorClient(url as never)).toThrow(
        /^createEmulatorClient takes the inbox's address/,
      )
    },
  )

  test('an address with a password, which it does not show', () => {
    expect(() => createEmulatorClient('http://api:canary@127.0.0.1:8025/')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('canary') as unknown }),
    )
  })

  test.each([
    [{ tags: 'reset' }, "A mail filter has no field 'tags'; it has to, from,"],
    [{ subject: /Reset/ }, 'In a filter that travels by HTTP, subject is a string.'],
  ])('the filter %j', async (filter, sentence) => {
    const client = createEmulatorClient('http://127.0.0.1:8025')

    await expect(client.list(filter as never)).rejects.toThrow(sentence)
    await expect(client.waitFor(filter as never)).rejects.toThrow(sentence)
    await expect(client.waitForNone(filter as never)).rejects.toThrow(sentence)
  })

  test("with the emulator's own sentence what the emulator refuses", async () => {
    const { client } = await open()

    await expect(client.clock.advance('1h')).rejects.toMatchObject({
      name: 'EmulatorRequestError',
      status: 409,
      timedOut: false,
      message: "The emulator runs on real time: start it with clock 'virtual'.",
    })
    await expect(client.get('none-1')).rejects.toMatchObject({ status: 404 })
    await expect(client.source('none-1')).rejects.toThrow('There is no such message')
    await expect(client.list({ state: 'lost' as never })).rejects.toThrow('state is one of')
    await expect(client.waitFor({}, { timeout: 60_001 })).rejects.toThrow('0 to 60000.')
  })

  test.each([
    [404, '<h1>Not Found</h1>'],
    [404, '{"message":{"text":"none"}}'],
    [200, '<!doctype html><div id="root"></div>'],
  ])('a server that answers %i with %s, and is not an emulator', async (status, body) => {
    const client = createEmulatorClient(await openStranger(status, body))

    const sentence = 'The server at this address is not an emulator.'
    await expect(client.waitForNone({})).rejects.toThrow(sentence)
    await expect(client.list()).rejects.toThrow(sentence)
    await expect(client.empty()).rejects.toThrow(sentence)
  })

  test('an address without a server', async () => {
    const { emulator, client } = await open()
    await emulator.close()

    await expect(client.list()).rejects.toThrow('No emulator answers at this address.')
  })
})
