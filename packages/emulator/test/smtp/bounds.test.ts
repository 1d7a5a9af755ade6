import { afterEach, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import { roundTrip } from '../fault-proofs/stage-walk.ts'
import { openSmtp, plainLogin, type OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'

let smtp: OpenSmtp
afterEach(() => smtp[Symbol.asyncDispose]())

const closing = '421 Service not available, closing transmission channel\r\n'

/** A client that may say DATA at once. */
async function readyToSend(): Promise<Wire> {
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')
  await wire.ask(
    `HELO x\r\nAUTH PLAIN ${plainLogin}\r\nMAIL FROM:<a@b.c>\r\n`,
    'Sender address accepted\r\n',
  )
  return wire
}

test('hangs up on an idle client after five minutes of the clock, counted from its last word', async () => {
  const clock = new VirtualClock()
  smtp = await openSmtp({ clock })
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')
  clock.advance('4m')
  await wire.ask('NOOP\r\n', 'OK\r\n')
  clock.advance('4m')
  await roundTrip(smtp)
  expect(wire.received).toBe('')

  clock.advance('1m')

  expect(await wire.untilOver()).toBe(closing)
})

test('turns clients away beyond its connections, and takes the next when one leaves', async () => {
  smtp = await openSmtp({ limits: { connections: 2 } })
  const wires = [await Wire.open(smtp), await Wire.open(smtp)]
  for (const wire of wires) await wire.until('ready\r\n')

  const third = await Wire.open(smtp)
  expect(await third.untilOver()).toBe(closing)
  const secure = await Wire.open({ host: smtp.host, port: smtp.securePort })
  expect(await secure.untilOver()).toBe('')
  await wires[0]?.ask('QUIT\r\n', 'Mailgun\r\n')
  await wires[0]?.untilOver()
  await wires[1]?.ask('NOOP\r\n', 'OK\r\n')

  const fourth = await Wire.open(smtp)
  expect(await fourth.until('ready\r\n')).toBe('220 Mailgun Influx ready\r\n')
})

test('a client that leaves while the server is silent leaves room for the next', async () => {
  smtp = await openSmtp({ limits: { connections: 1 } })
  smtp.faults.next({ at: 'greeting', stall: true })
  const first = await Wire.open(smtp)
  while (smtp.faults.list().length > 0) await new Promise((resolve) => setImmediate(resolve))
  first.close()
  while (smtp.records.list()[0]?.closedAt === undefined) {
    await new Promise((resolve) => setImmediate(resolve))
  }

  const second = await Wire.open(smtp)
  expect(await second.until('ready\r\n')).toContain('220')
})

test('answers 100,000 RCPT in order, 452 beyond the limit, and keeps none of the excess', async () => {
  smtp = await openSmtp({ limits: { recipients: 3 } })
  const wire = await readyToSend()
  const before = process.memoryUsage().heapUsed

  wire.send('RCPT TO:<d@e.f>\r\n'.repeat(100_000))
  wire.send('NOOP\r\n')

  const replies = (await wire.until('250 OK\r\n')).split('\r\n')
  expect(replies).toHaveLength(100_002)
  expect(new Set(replies.slice(3, -2))).toEqual(new Set(['452 Too many recipients']))
  const { lines = [], omitted = 0 } = smtp.records.list()[0] ?? {}
  expect(lines.length).toBeLessThanOrEqual(1_000)
  expect(omitted).toBeGreaterThan(198_000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000)
})

test('an endless line is forgotten as it comes, and answered once', async () => {
  smtp = await openSmtp()
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')

  for (let at = 0; at < 200; at++) wire.send('x'.repeat(50_000))
  wire.send('\r\nNOOP\r\n')

  expect(await wire.until('OK\r\n')).toBe('500 Line too long\r\n250 OK\r\n')
})

test.each([
  ['one endless line', `X: ${'x'.repeat(4_100_000)}\r\n\r\nbody\r\n`],
  ['one endless folded field', `X: y\r\n${' z\r\n'.repeat(1_100_000)}\r\nbody\r\n`],
  ['too many fields', `${'X: y\r\n'.repeat(5_001)}\r\nbody\r\n`],
  ['no end', 'X: y\r\n'.repeat(6_000)],
])('refuses a header of %s, and goes on', async (_, message) => {
  smtp = await openSmtp()
  const wire = await readyToSend()
  await wire.ask('RCPT TO:<d@e.f>\r\nDATA\r\n', 'Continue\r\n')

  wire.send(`${message}.\r\n`)

  expect(await wire.until('\r\n')).toBe('552 Message header exceeds fixed maximum size\r\n')
  expect(smtp.kept).toEqual([])
  expect(await wire.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
})

test('a header within the bounds passes, and its body may be as it likes', async () => {
  smtp = await openSmtp()
  const wire = await readyToSend()
  await wire.ask('RCPT TO:<d@e.f>\r\nDATA\r\n', 'Continue\r\n')

  wire.send(
    `${'X: y\r\n'.repeat(5_000)}\r\n${'y\r\n'.repeat(20_000)}${'z'.repeat(5_000_000)}\r\n.\r\n`,
  )

  expect(await wire.until('\r\n')).toBe('250 Great success\r\n')
})

test('states its limit in EHLO, and refuses a message beyond it', async () => {
  smtp = await openSmtp({ limits: { messageBytes: 100 } })
  const wire = await readyToSend()
  expect(await wire.ask('EHLO x\r\n', 'STARTTLS\r\n')).toContain('250-SIZE 100\r\n')
  expect(await wire.ask('MAIL FROM:<a@b.c> SIZE=101\r\n', '\r\n')).toMatch(/^552 /)
  wire.send('MAIL FROM:<a@b.c> SIZE=100\r\nRCPT TO:<d@e.f>\r\nDATA\r\n')
  await wire.until('Continue\r\n')

  wire.send(`${'x'.repeat(99)}\r\n.\r\n`)

  expect(await wire.until('\r\n')).toMatch(/^552 Message size/)
  expect(smtp.kept).toEqual([])
})

test('without need of a login, a client may talk and send as it likes', async () => {
  smtp = await openSmtp({ policy: { needsLogin: false } })
  const wire = await Wire.open(smtp)
  const said = await wire.ask(`EHLO x\r\n${'NOOP\r\n'.repeat(200)}VRFY x\r\n`, 'delivery\r\n')
  expect(said).not.toContain('421')
  wire.send('MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n')
  await wire.until('Continue\r\n')

  wire.send('Subject: x\r\n\r\n.\r\n')

  expect(await wire.until('success\r\n')).toBe('250 Great success\r\n')
  expect(smtp.kept).toHaveLength(1)
})
