import { expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient } from '../clients/mail-client.ts'

/** Reads a stream until the text has come so many times, or the stream ends. */
async function readUntil(
  stream: ReadableStreamDefaultReader<Uint8Array>,
  text: string,
  times = 1,
): Promise<string> {
  let received = ''
  const decoder = new TextDecoder()
  while (received.split(text).length <= times) {
    const { done, value } = await stream.read()
    if (done) break
    received += decoder.decode(value, { stream: true })
  }
  return received
}

async function send(emulator: MailgunEmulator, subjects: readonly string[]): Promise<void> {
  const transporter = openMailClient(emulator)
  await Promise.all(
    subjects.map((subject) =>
      transporter.sendMail({ from: 'a@mg.example.com', to: 'b@c.d', subject, text: 'x' }),
    ),
  )
  transporter.close()
}

test('tells a page what arrives and when all is gone, and ends with the emulator', async () => {
  const emulator = await createMailgunEmulator()
  const response = await fetch(`${emulator.httpUrl}/emulator/v1/stream`)
  const stream = (response.body as ReadableStream<Uint8Array>).getReader()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  // nginx would hold the stream back until it ends.
  expect(response.headers.get('x-accel-buffering')).toBe('no')
  await readUntil(stream, '\n\n')

  await send(emulator, ['first'])

  const event = await readUntil(stream, '\n\n')
  const [line, data = ''] = event.trim().split('\n')
  expect(line).toBe('event: submission')
  const list = await (await fetch(`${emulator.httpUrl}/emulator/v1/submissions`)).json()
  expect(list).toMatchObject({ submissions: [JSON.parse(data.replace('data: ', ''))] })

  emulator.reset()
  expect(await readUntil(stream, '\n\n')).toBe('event: reset\ndata: {}\n\n')

  await emulator.close()
  expect((await stream.read()).done).toBe(true)
})

test('tells of many messages in few pieces, each once and in order', async () => {
  const emulator = await createMailgunEmulator()
  const response = await fetch(`${emulator.httpUrl}/emulator/v1/stream`)
  const stream = (response.body as ReadableStream<Uint8Array>).getReader()
  await readUntil(stream, '\n\n')
  const subjects = Array.from({ length: 60 }, (_, at) => `#${at}`)

  await send(emulator, subjects)
  const received = await readUntil(stream, '\n\n', subjects.length)

  const told = [...received.matchAll(/"subject":"(#\d+)"/g)].map(([, subject]) => subject)
  expect(told).toEqual(subjects)
  await emulator.close()
})
