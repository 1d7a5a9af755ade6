import { createTransport, type MailMessage } from 'nodemailer'
import { once } from 'node:events'
import { Transform, Writable, type Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { bodyOpener, type OpenBody } from '../../src/nodemailer/body.ts'

/** What opens the body of a message, as nodemailer built it. */
async function opener(text = 'Hi'): Promise<OpenBody> {
  let open: OpenBody | undefined
  const transporter = createTransport({
    name: 'kept',
    version: '1',
    send: ({ message }: MailMessage, done) => {
      open = bodyOpener(message)
      done(null, { envelope: message.getEnvelope(), messageId: message.messageId() })
    },
  })
  await transporter.sendMail({ from: 'a@example.com', to: 'b@example.com', text })
  if (!open) throw new Error('Nothing was sent.')
  return open
}

async function byEvents(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  body.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(body, 'end')
  return Buffer.concat(chunks)
}

async function byReading(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  body.on('readable', () => {
    for (let chunk = body.read() as Buffer | null; chunk; chunk = body.read() as Buffer | null) {
      chunks.push(chunk)
    }
  })
  await once(body, 'end')
  return Buffer.concat(chunks)
}

describe.each([
  ['events', byEvents],
  ['reading', byReading],
  ['iteration', buffer],
] as const)('a body that is read by %s', (_how, readAll) => {
  test('asks once before it ends, and not before it is read', async () => {
    const open = await opener()
    const beforeEnd = vi.fn<() => Promise<void>>().mockResolvedValue()
    const body = open(beforeEnd)
    for (let turns = 0; turns < 20; turns += 1) await turn()
    expect(beforeEnd).not.toHaveBeenCalled()

    const text = (await readAll(body)).toString()

    expect(text).toMatch(/^From: a@example\.com\r\n[^]*\r\n\r\nHi\r\n$/)
    expect(beforeEnd).toHaveBeenCalledOnce()
  })

  test('never ends if that is refused', async () => {
    const open = await opener()
    const refusal = new Error('The store is down.')
    const body = open(() => Promise.reject(refusal))
    let ended = false
    body.once('end', () => (ended = true))
    const failed = once(body, 'error')
    // Its own errors are those of the body.
    void readAll(body).catch(() => undefined)

    expect(await failed.catch((error: unknown) => [error])).toEqual([refusal])
    expect(ended).toBe(false)
  })
})

test('a body without a reader never asks', async () => {
  const open = await opener()
  const beforeEnd = vi.fn<() => Promise<void>>().mockResolvedValue()
  const body = open(beforeEnd)
  for (let turns = 0; turns < 20; turns += 1) await turn()
  body.destroy()
  await once(body, 'close')

  expect(beforeEnd).not.toHaveBeenCalled()
})

describe('a short message that nodemailer pipes to its socket', () => {
  async function writesOf(length: number): Promise<Buffer[]> {
    const written: Buffer[] = []
    const socket = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk)
        setImmediate(done)
      },
    })
    // As nodemailer's own stream: it adds the dot, and is piped on before it is piped into.
    const escaping = new Transform({
      transform: (chunk, _encoding, done) => done(null, chunk),
      flush(done) {
        done(null, '.\r\n')
      },
    })
    escaping.pipe(socket)
    const body = (await opener('x'.repeat(length)))()
    for (let turns = 0; turns < 20; turns += 1) await turn()
    body.pipe(escaping)
    await once(socket, 'finish')
    return written
  }

  test('is one write with its dot', async () => {
    const [whole, ...rest] = await writesOf(1000)

    expect(rest).toEqual([])
    expect(whole?.toString()).toMatch(/^From: a@example\.com\r\n[^]*x\r\n\.\r\n$/)
  })

  test('that is no longer short comes in order, and whole', async () => {
    const writes = await writesOf(1_000_000)

    expect(writes.length).toBeGreaterThan(1)
    const whole = Buffer.concat(writes).toString()
    expect(whole).toMatch(/^From: a@example\.com\r\n[^]*x\r\n\.\r\n$/)
    expect(whole.replace(/=\r\n/g, '').match(/xx+/)?.[0]).toHaveLength(1_000_000)
  })
})
