import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
beforeEach(async () => {
  emulator = await createMailgunEmulator()
})
afterEach(() => emulator.close())

async function sendRaw(raw: string | Buffer): Promise<string> {
  const transporter = openMailClient(emulator)
  await transporter.sendMail({
    envelope: { from: 'a@mg.example.com', to: ['ada@example.com'] },
    raw,
  })
  transporter.close()
  return emulator.copies.at(-1)?.id ?? ''
}

const head = 'From: a@mg.example.com\r\nSubject: S\r\nMIME-Version: 1.0\r\n'

function nested(depth: number, filler: string): string {
  let mail = `${head}Content-Type: multipart/mixed; boundary=b0\r\n\r\n`
  for (let at = 0; at < depth; at++) {
    mail += `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`
  }
  return `${mail}${filler}\r\n`
}

const megabyte = 1_000_000

const hostile: Readonly<Record<string, () => string>> = {
  'multiparts within multiparts': () => nested(30_000, ''),
  'deep multiparts around three megabytes': () =>
    nested(50, 'x'.repeat(70).concat('\r\n').repeat(40_000)),
  'mails within mails': () => `${head}Content-Type: message/rfc822\r\n\r\n`.repeat(20_000),
  'endless parts': () =>
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(400_000)}`,
  'lines that nearly are boundaries': () =>
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bc\r\n'.repeat(500_000)}`,
  'a To header of a megabyte': () => `${head}To: ${'"a,<'.repeat(megabyte / 4)}\r\n\r\nx`,
  'a Subject of unfinished words': () => `${head}X: ${'=?utf-8?Q?'.repeat(100_000)}\r\n\r\nx`,
  'parameters without an end': () =>
    `${head}Content-Type: text/plain${';a="'.repeat(megabyte / 4)}\r\n\r\nx`,
  'quoted-printable blanks': () =>
    `${head}Content-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(3 * megabyte)}\r\n`,
  'placeholders without an end': () => `${head}\r\n${'%recipient.'.repeat(megabyte / 10)}\r\n`,
  'HTML that begins with a comment of two megabytes': () =>
    `${head}Content-Type: text/html\r\n\r\n<!--${'x'.repeat(70).concat('\r\n').repeat(28_000)}--><p>Hi</p>\r\n`,
  'tags without an end': () =>
    `${head}Content-Type: text/html\r\n\r\n${'<a href='.repeat(megabyte / 8)}\r\n`,
  'references without an end': () =>
    `${head}Content-Type: text/html\r\n\r\n<p>${'cid:'.repeat(megabyte / 4)}</p>\r\n`,
}

/** The longest time for which nothing else was answered, for each address of a mail that shows it, in milliseconds. */
async function longestBlocks(raw: string): Promise<ReadonlyMap<string, number>> {
  const id = await sendRaw(raw)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const paths = {
    message: `/messages/${id}`,
    page: `/messages/${id}/html`,
    parts: `/messages/${id}/mime`,
    submission: `/submissions/${id.split('-')[0]}`,
    search: '/submissions?q=nowhere%20to%20be%20found',
  }
  const longest = new Map<string, number>()
  for (const [name, path] of Object.entries(paths)) {
    delay.enable()
    const response = await fetch(`${emulator.httpUrl}/emulator/v1${path}`)
    await response.arrayBuffer()
    delay.disable()
    longest.set(name, delay.max / 1e6)
    delay.reset()
    expect([name, response.status]).toEqual([name, 200])
  }
  return longest
}

// A tenth of a second on a machine of its own. Without bounds it was two to five seconds.
const mostMilliseconds = 400

describe('a mail of', () => {
  test.each(Object.keys(hostile))('%s delays no other request', async (name) => {
    // The key that signs copies is made when the first one is looked at.
    await fetch(`${emulator.httpUrl}/emulator/v1/messages/${await sendRaw(`${head}\r\nx`)}`)
    let slow: readonly unknown[] = []
    // Where other tests run beside, one of them may have had the processor.
    for (let attempt = 0; attempt < 5; attempt++) {
      const blocks = await longestBlocks(hostile[name]?.() ?? '')
      slow = [...blocks].filter(([, milliseconds]) => milliseconds > mostMilliseconds)
      if (slow.length === 0) break
    }
    expect(slow).toEqual([])
  })
})

test('HTML that begins with a comment of ten megabytes is shown', async () => {
  const comment = `<!--${'x'.repeat(70).concat('\r\n').repeat(140_000)}-->`
  const id = await sendRaw(`${head}Content-Type: text/html\r\n\r\n${comment}<p>Hi</p>\r\n`)

  const page = await fetch(`${emulator.httpUrl}/emulator/v1/messages/${id}/html`)

  expect(page.status).toBe(200)
  expect(await page.text()).toMatch(/--><base target="_blank"><p>Hi<\/p>\s*$/)
})

test('copies that were opened do not fill the memory', async () => {
  const text = `${'x'.repeat(70)}\r\n`.repeat(140_000)
  const raw = `${head}X-Mailgun-Recipient-Variables: {"ada@example.com":{"n":1}}\r\n\r\n%recipient.n% ${text}`
  const id = (await sendRaw(raw)).split('-')[0]
  const transporter = openMailClient(emulator)
  for (let at = 0; at < 10; at++) {
    await transporter.sendMail({
      envelope: { from: 'a@mg.example.com', to: ['ada@example.com'] },
      raw,
    })
  }
  transporter.close()
  expect(id).toBeDefined()

  const before = memoryInUse()
  for (const copy of emulator.copies)
    expect((await copy.load()).text).toHaveLength(text.length - 140_000 + 2)
  for (const copy of emulator.copies) expect(copy.unreplaced).toEqual([])

  // Eleven opened mails of ten megabytes: without a bound they are over 400 MB.
  expect(memoryInUse() - before).toBeLessThan(150_000_000)
})

function memoryInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
