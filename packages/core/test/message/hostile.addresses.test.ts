import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createMailer,
  InvalidOptionError,
  type MailgunMessage,
  type Mailer,
} from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn } from '../wire/wire.ts'

const canary = 'canary-4c77'

let server: ScriptedServer
let mailer: Mailer

beforeAll(async () => {
  server = await ScriptedServer.open()
  mailer = createMailer({ ...server.config, pool: true, maxConnections: 1, maxMessages: 100_000 })
})

afterAll(async () => {
  await mailer.close()
  await server[Symbol.asyncDispose]()
})

/** Sends, and gives what the server was told of this one message. */
async function told(message: MailgunMessage): Promise<{ commands: string[]; names: string[] }> {
  const before = { lines: server.lines.length, bodies: server.bodies.length }
  await mailer.send(message)
  const commands = server.lines
    .slice(before.lines)
    .filter((line) => !/^(?:EHLO|AUTH|DATA$|\.$)/.test(line))
    // How long the message is is no part of whom it is for.
    .map((line) => line.replace(/ SIZE=\d+$/, ''))
  expect(server.bodies.length).toBe(before.bodies + 1)
  const names = wireIn(server.bodies.at(-1) ?? '').fields.map(([name]) => name)
  return { commands, names }
}

/** The place of an address in a message, and the path that a refusal names. */
const places: readonly (readonly [path: string, (address: unknown) => MailgunMessage])[] = [
  ['from', (from) => ({ ...letter, from: from as string })],
  ['sender', (sender) => ({ ...letter, sender: sender as string })],
  ['to', (to) => ({ ...letter, to: to as string })],
  ['to[1]', (to) => ({ ...letter, to: ['ada@example.net', to as string] })],
  ['cc', (cc) => ({ ...letter, cc: cc as string })],
  ['bcc[0]', (bcc) => ({ ...letter, bcc: [bcc as string] })],
  ['replyTo', (replyTo) => ({ ...letter, replyTo: replyTo as string })],
  ['envelope.from', (from) => ({ ...letter, envelope: { from: from as string, to: 'a@b.test' } })],
  ['envelope.to', (to) => ({ ...letter, envelope: { from: 'a@b.test', to: to as string } })],
  ['envelope.to[0]', (to) => ({ ...letter, envelope: { from: 'a@b.test', to: [to as string] } })],
]

const hostile: readonly unknown[] = [
  `${canary}@b.test\r\nRCPT TO:<evil@z.test>`,
  `${canary}@b.test\nRCPT TO:<evil@z.test>`,
  `${canary}@b.test\r`.concat('x'),
  `${canary}@b.test>\r\nBcc: <evil@z.test`,
  `"${canary}\r\nBcc: evil@z.test" <a@b.test>`,
  `${canary}\0@b.test`,
  `${canary}\u2028@b.test`,
  `${canary}\ud800@b.test`,
  `${canary}@b.test, evil@z.test`,
  `${canary}@b.test;evil@z.test`,
  `"evil@z.test ${canary}"@b.test`,
  `${canary} evil@z.test`,
  `${canary}@xn--bücher-kva.test`,
  `${canary}ж@bücher.XN--BCHER-KVAexample`,
  `<evil@z.test>${canary}@b.test`,
  `${canary}@b.test SIZE=1`,
  'x'.repeat(10_000_000),
  { name: `${canary}\r\nBcc: evil@z.test`, address: 'a@b.test' },
  { name: '', address: `${canary}@b.test\r\nRCPT TO:<evil@z.test>` },
  { name: 'g', group: [{ address: `${canary}@z.test` }] },
  { address: { toString: () => `${canary}@z.test` } },
  JSON.parse(`{"__proto__":{"address":"${canary}@z.test"}}`),
  Object.create({ address: `${canary}\r\n@z.test` }),
  [[`${canary}@z.test`]],
  new Map([['address', `${canary}@z.test`]]),
  new Date(Number.NaN),
  7,
  true,
  1n,
  Number.NaN,
  Symbol(canary),
  () => `${canary}@z.test`,
  '',
  null,
]

describe.each(places)('%s', (path, messageWith) => {
  test('refuses what is not one address, by its path and without its value', async () => {
    const lines = server.lines.length

    for (const address of hostile) {
      const error: unknown = await mailer
        .send(messageWith(address))
        .catch((reason: unknown) => reason)

      // The empty sender is that of a notification.
      if (path === 'envelope.from' && address === '') continue
      // Such a field is absent.
      if (address === null && ['sender', 'cc', 'replyTo'].includes(path)) continue
      expect(error).toBeInstanceOf(InvalidOptionError)
      expect((error as InvalidOptionError).path).toContain(path.replace(/\[\d\]$/, ''))
      expect((error as InvalidOptionError).code).toBe('ERR_MAILGUN_INVALID_MESSAGE')
      expect((error as Error).message).not.toContain(canary)
    }
    const since = server.lines.slice(lines)
    expect(since.filter((line) => /evil|canary-4/.test(line))).toEqual([])
  })
})

test.each([
  ['quotes and commas', '"Ada, \\"A\\" <evil@z.test>; x" <a@b.test>'],
  ['an encoded line break', 'a%0d%0aRCPT@b.test'],
  ['a percent hack', 'evil%z.test@b.test'],
  ['an encoded word', '"=?utf-8?Q?=0D=0ABcc:_evil@z.test?=" <a@b.test>'],
  ['right to left', { name: '\u202etest.z@live', address: 'a@b.test' }],
  ['another address as the name', { name: 'evil@z.test', address: 'a@b.test' }],
  ['a name of brackets', { name: '<evil@z.test>, (x', address: 'a@b.test' }],
  ['a name that looks like a group', { name: 'g: evil@z.test;', address: 'a@b.test' }],
])('a name or local part with %s adds no recipient', async (_name, address) => {
  const plain =
    typeof address === 'string' ? (/<([^<>]*)>$/.exec(address)?.[1] ?? address) : 'a@b.test'

  const { commands, names } = await told({
    ...letter,
    from: address,
    to: [address],
    replyTo: address,
  })

  expect(commands).toEqual([`MAIL FROM:<${plain}>`, `RCPT TO:<${plain}>`])
  expect(names).not.toContain('Bcc')
  expect(names.filter((name) => name === 'To')).toHaveLength(1)
})

test('each of several recipients is told once, and Bcc is in no header', async () => {
  const { commands, names } = await told({
    ...letter,
    to: ['a@b.test', { name: 'C', address: 'c@d.test' }],
    cc: 'c@d.test',
    bcc: ['e@f.test'],
  })

  expect(commands).toEqual([
    'MAIL FROM:<shop@example.com>',
    'RCPT TO:<a@b.test>',
    'RCPT TO:<c@d.test>',
    'RCPT TO:<e@f.test>',
  ])
  expect(names).not.toContain('Bcc')
})

test('an address beyond ASCII reaches the server as it was checked', async () => {
  const { commands } = await told({ ...letter, to: ['ada@bücher.example', 'žofie@bücher.example'] })

  expect(commands.map((line) => Buffer.from(line, 'latin1').toString())).toEqual([
    'MAIL FROM:<shop@example.com> SMTPUTF8 BODY=8BITMIME',
    'RCPT TO:<ada@xn--bcher-kva.example>',
    'RCPT TO:<žofie@bücher.example>',
  ])
})

test.each(['from', 'sender', 'envelope.from'])(
  'a local part beyond ASCII in %s is refused with the reason',
  async (path) => {
    const address = `ž${canary}@example.com`
    const fields = path.startsWith('envelope')
      ? { envelope: { from: address, to: 'ada@example.net' } }
      : { [path]: address }

    const refusal: unknown = await mailer
      .send({ ...letter, ...fields })
      .catch((error: unknown) => error)

    expect(refusal).toMatchObject({
      path,
      rule: 'must be an address whose local part is ASCII: Mailgun cannot send from it',
    })
    expect((refusal as Error).message).not.toContain(canary)
  },
)

test('more than a thousand recipients are refused, however they are spread', async () => {
  const many = (count: number, letters: string): string[] =>
    Array.from({ length: count }, (_, index) => `${letters}${index}@b.test`)

  for (const [path, message] of [
    ['to', { to: many(1001, 'a') }],
    ['to', { to: many(600, 'a'), bcc: many(401, 'b') }],
    ['envelope.to', { envelope: { from: 'a@b.test', to: many(1001, 'a') } }],
    ['to', { to: Array.from({ length: 1_000_000 }) as string[] }],
  ] as const) {
    await expect(mailer.send({ ...letter, ...message } as MailgunMessage)).rejects.toMatchObject({
      path,
      rule: 'must name at most 1000 recipients; send the rest in another message',
    })
  }
})

test('a message without recipients is refused', async () => {
  for (const message of [
    { to: undefined },
    { to: [] },
    { envelope: { from: 'a@b.test', to: [] } },
  ]) {
    await expect(mailer.send({ ...letter, ...message })).rejects.toMatchObject({ path: 'to' })
  }
})
