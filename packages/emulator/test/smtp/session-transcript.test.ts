import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { roundTrip } from '../fault-proofs/stage-walk.ts'
import { login, openSmtp, plainLogin, type OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'

let smtp: OpenSmtp
beforeEach(async () => {
  smtp = await openSmtp()
})
afterEach(() => smtp[Symbol.asyncDispose]())

/** The newest session's lines, as `from: text`, with `+` before what was pipelined. */
function said(): readonly string[] {
  const { lines = [] } = smtp.records.list().at(-1) ?? {}
  return lines.map(({ from, text, pipelined }) => `${pipelined ? '+' : ''}${from}: ${text}`)
}

test('a transcript holds every line, what was pipelined, and how the body was long', async () => {
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')
  await wire.ask('HELO x\r\n', '\r\n')
  wire.send(
    `AUTH PLAIN ${plainLogin}\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\nSubject: x\r\n\r\nThe body.\r\n.\r\nQUIT\r\n`,
  )
  await wire.untilOver()

  expect(said().slice(0, 14)).toEqual([
    'server: 220 Mailgun Influx ready',
    'client: HELO x',
    'server: 250 0123456789ab',
    'client: AUTH PLAIN ***',
    'server: 235 Authentication successful',
    '+client: MAIL FROM:<a@b.c>',
    'server: 250 Sender address accepted',
    '+client: RCPT TO:<d@e.f>',
    'server: 250 Recipient address accepted',
    '+client: DATA',
    'server: 354 Continue',
    'emulator: message of 28 bytes',
    'server: 250 Great success',
    '+client: QUIT',
  ])
  const [record] = smtp.records.list()
  expect(record).toMatchObject({ port: 'starttls', user: login.user, tls: undefined })
  const times = record?.lines.map(({ at }) => at) ?? []
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(times.every((at) => Number.isInteger(Math.round(at * 100) / 10))).toBe(true)
})

test('nodemailer’s own session: login masked, TLS named, closed at its time', async () => {
  const { host, port, ca } = smtp
  const transporter = createTransport({
    host,
    port,
    requireTLS: true,
    auth: login,
    tls: { ca },
  })
  await transporter.sendMail({ from: 'a@mg.example.com', to: 'b@c.d', text: 'geheim' })
  transporter.close()
  await roundTrip(smtp)

  const [record] = smtp.records.list()
  const text = JSON.stringify(record)
  expect(record?.tls).toBe('TLSv1.3')
  expect(record?.lines).toContainEqual(expect.objectContaining({ text: 'TLSv1.3 began' }))
  expect(text).not.toContain(plainLogin)
  expect(text).not.toContain(login.pass)
  expect(text).not.toContain('geheim')
  expect(record?.closedAt).toBeInstanceOf(Date)
})

test('shows no secret of an AUTH that goes astray, and no line of a refused message', async () => {
  const secret = Buffer.from('hunter2-hunter2').toString('base64')
  smtp.faults.always({ at: 'data', reply: [421, 'no'] })
  const wire = await Wire.open(smtp)
  wire.send(
    [
      `AUTH CRAM-MD5 ${secret}`,
      `AUTH ${secret}`,
      secret,
      'AUTH LOGIN',
      secret,
      '*',
      `AUTH PLAIN ${plainLogin}`,
      'EHLO x',
      'MAIL FROM:<a@b.c>',
      'RCPT TO:<d@e.f>',
      'DATA',
      'Dear Ada,',
      'QUIT',
      '',
    ].join('\r\n'),
  )
  await wire.untilOver()

  const lines = said()
  expect(lines.join('\n')).not.toContain(secret)
  expect(lines.join('\n')).not.toContain('Ada')
  expect(lines).toContain('client: AUTH CRAM-MD5 ***')
  expect(lines).toContain('+client: AUTH ***')
  expect(lines).toContain('+client: *** (9 bytes)')
})

test('every firing is in it, before what it did', async () => {
  smtp.faults.next({ at: 'ehlo', reply: [502, ['not', 'today']] })
  smtp.faults.next({ at: 'quit', drop: true })
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')
  await wire.ask('EHLO x\r\n', 'today\r\n')
  wire.send('QUIT\r\n')
  await wire.untilOver()
  await roundTrip(smtp)

  const [record] = smtp.records.list()
  expect(record?.lines.map(({ from, text }) => `${from}: ${text}`)).toEqual([
    'server: 220 Mailgun Influx ready',
    'client: EHLO x',
    'emulator: fault at ehlo: reply [502,["not","today"]]',
    'server: 502-not',
    'server: 502 today',
    'client: QUIT',
    'emulator: fault at quit: drop',
    'emulator: connection closed',
  ])
})

test('tells why a client left in the handshake', async () => {
  const wire = await Wire.open({ host: smtp.host, port: smtp.securePort })
  wire.send('EHLO this is no TLS\r\n')
  await wire.untilOver()
  await roundTrip(smtp)

  expect(smtp.records.list()[0]?.lines.at(-1)?.text).toMatch(/^connection closed: ERR_SSL/)
})
