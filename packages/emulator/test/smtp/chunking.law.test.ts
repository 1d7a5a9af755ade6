import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../src/faults/random.ts'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { RawClient } from '../clients/raw-client.ts'

const login = { user: 'postmaster@mg.example.com', pass: 'secret' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const message = 'Subject: a\r\nX-Mailgun-Tag: t\r\n\r\n.dot\r\n..\r\n\r\n.\n.\r\nend\r\n'
const conversation = Buffer.from(
  [
    'EHLO x',
    'AUTH LOGIN',
    base64(login.user),
    base64(login.pass),
    'MAIL FROM:<a@b.c> SIZE=10',
    'RCPT TO:<d@e.f>',
    'RCPT TO:<ä@e.f>',
    'DATA',
    `${message.replace(/(?<=\r\n)\./g, '..')}.`,
    'MAIL FROM:<second@b.c>',
    'RCPT TO:<d@e.f>',
    'DATA',
    '.',
    'QUIT',
    '',
  ].join('\r\n'),
)

let emulator: MailgunEmulator
beforeAll(async () => {
  emulator = await createMailgunEmulator({ credentials: [login], httpPort: false })
})
afterAll(() => emulator.close())

async function converse(cuts: readonly number[]): Promise<{ replies: string; mail: unknown }> {
  emulator.reset()
  const client = await RawClient.connect(emulator)
  for (const [at, cut] of cuts.entries()) {
    await client.sendAlone(conversation.subarray(cuts[at - 1] ?? 0, cut))
  }
  client.send(conversation.subarray(cuts.at(-1) ?? 0))
  const replies = await client.untilEnd()
  const mail = emulator.submissions.map(({ envelope, raw }) => ({ envelope, raw: raw.toString() }))
  return { replies, mail }
}

test('however a conversation is cut, it is the same conversation and the same mail', async () => {
  const whole = await converse([])
  expect(whole.mail).toEqual([
    { envelope: { from: 'a@b.c', to: ['d@e.f', 'ä@e.f'] }, raw: message },
    { envelope: { from: 'second@b.c', to: ['d@e.f'] }, raw: '' },
  ])

  for (let seed = 1; seed <= 40; seed++) {
    const next = seededRandom(seed)
    const count = 1 + Math.floor(next() * 40)
    const cuts = Array.from({ length: count }, () => Math.floor(next() * conversation.length))

    expect(await converse(cuts.toSorted((one, other) => one - other)), `seed ${seed}`).toEqual(
      whole,
    )
  }
  const everyByte = Array.from(conversation.keys())
  expect(await converse(everyByte)).toEqual(whole)
})
