import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openSmtp, plainLogin, type OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'

let smtp: OpenSmtp
beforeAll(async () => {
  smtp = await openSmtp()
})
afterEach(() => smtp.forget())
afterAll(() => smtp[Symbol.asyncDispose]())

const second =
  'MAIL FROM:<evil@x.y>\r\nRCPT TO:<victim@x.y>\r\nDATA\r\nSubject: smuggled\r\n\r\nbad\r\n'

const ends = {
  'LF dot LF': '\n.\n',
  'LF dot CRLF': '\n.\r\n',
  'CRLF dot LF': '\r\n.\n',
  'CR dot CR': '\r.\r',
  'CR dot CRLF': '\r.\r\n',
  'CRLF dot CR': '\r\n.\r',
  'LF dot CR LF apart': '\n.\r \n',
  'CR CR LF dot CR CR LF': '\r\r\n.\r\r\n',
  'CRLF NUL dot CRLF': '\r\n\0.\r\n',
  'CRLF dot NUL CRLF': '\r\n.\0\r\n',
  'CRLF dot space CRLF': '\r\n. \r\n',
  'NEL dot NEL': '\u0085.\u0085',
  'U+2028 dot U+2028': '\u2028.\u2028',
}

describe('one message, however its end is disguised', () => {
  test.each(Object.entries(ends))('%s', async (_, disguised) => {
    const wire = await Wire.open(smtp)
    await wire.until('ready\r\n')
    await wire.ask(`HELO x\r\nAUTH PLAIN ${plainLogin}\r\n`, 'successful\r\n')
    await wire.ask('MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n', 'Continue\r\n')

    wire.send(`Subject: x\r\n\r\nbody${disguised}${second}.\r\nNOOP\r\n`)

    expect(await wire.until('OK\r\n')).toBe('250 Great success\r\n250 OK\r\n')
    const envelopes = smtp.kept.map(({ envelope }) => envelope)
    expect(envelopes).toEqual([{ from: 'a@b.c', to: ['d@e.f'] }])
    wire.close()
  })
})

test('an early talker is answered in order, and sends one message', async () => {
  const wire = await Wire.open(smtp)

  wire.send(
    `EHLO x\r\nAUTH PLAIN ${plainLogin}\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\nSubject: x\r\n\r\n.\r\nQUIT\r\n`,
  )

  expect((await wire.untilOver()).match(/^\d{3} /gm)?.join('')).toBe(
    '220 250 235 250 250 354 250 221 ',
  )
  expect(smtp.kept).toHaveLength(1)
})

test('an early talker who meets a slow greeting is answered the same', async () => {
  smtp.faults.next({ at: 'greeting', delay: 30 })
  const wire = await Wire.open(smtp)

  wire.send('EHLO x\r\nNOOP\r\n')

  expect(await wire.until('OK\r\n')).toMatch(/^220 [^]*250 STARTTLS\r\n250 OK\r\n$/)
  const lines = smtp.records
    .list()
    .at(-1)
    ?.lines.filter(({ from }) => from === 'client')
  expect(lines?.map(({ pipelined }) => pipelined)).toEqual([true, true])
  wire.close()
})

test('what is glued to STARTTLS is forgotten, also while a fault holds the answer back', async () => {
  for (const action of [{ delay: 20 }, { split: true }, { slow: 2_000 }] as const) {
    smtp.faults.next({ at: 'starttls', ...action })
    const wire = await Wire.open(smtp)
    await wire.until('ready\r\n')

    wire.send('EHLO x\r\nSTARTTLS\r\nMAIL FROM:<evil@x.y>\r\nRSET\r\n')
    await wire.until('ahead\r\n')
    await wire.startTls(smtp.ca)

    expect(await wire.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
    wire.close()
  }
})
