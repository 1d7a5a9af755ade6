import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createMailgunEmulator,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
  type Message,
} from '../../src/index.ts'
import { relaxedBody, relaxedField } from '../../src/dkim/dkim-canonicalisation.ts'
import { dkimRecord } from '../../src/dkim/dkim-key.ts'
import { dkimSignatures, signersOf } from '../../src/dkim/dkim-signature.ts'
import { ask } from '../clients/json.ts'
import { openMailClient } from '../clients/mail-client.ts'
import { verifyDkim } from '../verifiers/dkim-verifier.ts'

let emulator: MailgunEmulator | undefined
afterEach(() => emulator?.close())

async function start(options: MailgunEmulatorOptions = {}): Promise<MailgunEmulator> {
  emulator = await createMailgunEmulator({ httpPort: false, ...options })
  return emulator
}

/** Sends a mail with these headers, and returns its copies. */
async function send(
  to: MailgunEmulator,
  headers: Readonly<Record<string, string>> = {},
  raw?: string,
  recipients: readonly string[] = ['ada@example.com', 'zoe@example.com'],
): Promise<readonly Message[]> {
  const client = openMailClient(to)
  const from = 'shop@mg.example.com'
  await client.sendMail({
    envelope: { from, to: [...recipients] },
    ...(raw !== undefined
      ? { raw }
      : {
          from: `Shöp <${from}>`,
          to: [...recipients],
          subject: `Hello,  %recipient.first% ${'and so on '.repeat(20)}`,
          text: 'Hi %recipient.first%  \n\ttab   and spaces \n\n\n',
          html: '<p>Hi  %recipient.first%</p>',
          headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
        }),
  })
  client.close()
  return to.submissions.at(-1)?.messages ?? []
}

function signatureOf(message: Message | undefined): string | undefined {
  return message?.headers.find(([name]) => name === 'DKIM-Signature')?.[1]
}

describe('a copy', () => {
  test.each([
    ['as it was sent', {}],
    [
      'personalised',
      {
        'X-Mailgun-Recipient-Variables':
          '{"ada@example.com":{"first":"Ada"},"zoe@example.com":{"first":"Zoë ✿"}}',
      },
    ],
    ['without what it suppresses', { 'X-Mailgun-Suppress-Headers': 'all' }],
  ])('is signed by its domain as delivered: %s', async (_, headers) => {
    const emulator = await start()

    const copies = await send(emulator, headers)

    const records = [emulator.dkim()]
    expect(copies.map(({ raw }) => verifyDkim(raw, records))).toEqual([['pass'], ['pass']])
    expect(signatureOf(copies[0])).toMatch(
      /; d=mg\.example\.com; q=dns\/txt; s=s1; t=\d+; h=From: /,
    )
    expect(Math.max(...lineLengths(copies[0]))).toBeLessThanOrEqual(78)
  })

  test.each([
    ['nothing but a header', 'From: a@mg.example.com\r\nSubject: x\r\n\r\n'],
    ['a header without end', 'From: a@mg.example.com\r\nSubject: x\r\n'],
    ['two To headers', 'From: a@mg.example.com\r\nTo: b@x.test\r\nTo: c@x.test\r\n\r\nHi\r\n'],
    ['bytes beyond ASCII', 'From: a@mg.example.com\r\nSubject: Grüße\r\n\r\nZoë  ✿\r\n'],
    ['no line end at the end', 'From: a@mg.example.com\r\n\r\n\r\n  Hi  there'],
  ])('of %s verifies', async (_, raw) => {
    const emulator = await start()

    const [copy] = await send(emulator, {}, raw)

    expect(verifyDkim(copy?.raw ?? Buffer.alloc(0), [emulator.dkim()])).toEqual(['pass'])
  })

  test.each([
    ['a word of the body', /^Hi/m, 'Ho', 'body hash did not verify'],
    ['the subject', /^Subject: Hello/m, 'Subject: Hullo', 'signature did not verify'],
    ['a second From', /^From: /m, 'From: evil@x.test\r\nFrom: ', 'signature did not verify'],
    ['a Cc that was not there', /^From: /m, 'Cc: c@x.test\r\nFrom: ', 'signature did not verify'],
    ['a header that is not signed', /^X-Mailgun-Sid: .*\r\n/m, '', 'pass'],
  ])('that was changed later, by %s, says so', async (_, from, to, verdict) => {
    const emulator = await start()
    const [copy] = await send(emulator)

    const changed = Buffer.from(copy?.raw.toString('latin1').replace(from, to) ?? '', 'latin1')

    expect(changed.equals(copy?.raw ?? changed)).toBe(false)
    expect(verifyDkim(changed, [emulator.dkim()])).toEqual([verdict])
  })

  test.each([
    [undefined, {}, true],
    [undefined, { 'X-Mailgun-Dkim': 'no' }, false],
    [false, {}, false],
    [false, { 'X-Mailgun-Dkim': 'yes' }, true],
    [true, { 'X-Mailgun-Dkim': 'no' }, false],
  ])('of a domain with dkim %j and %j is signed: %j', async (dkim, headers, isSigned) => {
    const emulator = await start({ domains: [{ name: 'MG.example.com', dkim }] })

    const [copy] = await send(emulator, headers as Record<string, string>)

    expect(signatureOf(copy) !== undefined).toBe(isSigned)
    expect(/^DKIM-Signature:/m.test(copy?.raw.toString() ?? '')).toBe(isSigned)
    expect(copy?.submission.raw.toString()).not.toMatch(/^DKIM-Signature:/m)
  })

  test.each([
    ['the second key', { 'X-Mailgun-Secondary-DKIM': 'brand.example/k2' }, ['brand.example', 'k2']],
    [
      'the public name of the second key',
      {
        'X-Mailgun-Secondary-DKIM': 'brand.example,k2',
        'X-Mailgun-Secondary-DKIM-Public': 'shown.example/k3',
      },
      ['shown.example', 'k3'],
    ],
  ])('is signed again under %s', async (_, headers, [domain = '', selector]) => {
    const emulator = await start()

    const [copy] = await send(emulator, headers)

    const second = dkimRecord(domain, selector)
    const raw = copy?.raw ?? Buffer.alloc(0)
    expect(verifyDkim(raw, [emulator.dkim(), second])).toEqual(['pass', 'pass'])
    expect(verifyDkim(raw, [second])).toEqual(['no key', 'pass'])
  })

  test('bears a time that is the one it is delivered at', async () => {
    const emulator = await start({ clock: 'virtual' })
    const due = new Date(Math.ceil(emulator.clock.now().getTime() / 1_000) * 1_000 + 3_600_000)

    const [copy] = await send(emulator, { 'X-Mailgun-Deliver-By': due.toUTCString() })

    expect(signatureOf(copy)).toContain(`; t=${due.getTime() / 1_000};`)
  })

  test.each(['', 'evil.example;d=bank.example', 'grüße.example', 'a..example'])(
    'of the domain %j, which no signature can name, is not signed',
    (domain) => {
      expect(signersOf({ domain, options: {} }, true)).toEqual([])
    },
  )
})

test('the public key is given by programme and over HTTP', async () => {
  const emulator = await start({ httpPort: 0 })

  const record = emulator.dkim('Mg.Example.com')

  expect(record).toEqual({
    domain: 'mg.example.com',
    selector: 's1',
    name: 's1._domainkey.mg.example.com',
    record: expect.stringMatching(/^k=rsa; p=[A-Za-z0-9+/]{392}$/) as string,
  })
  expect(emulator.dkim()).toEqual(record)
  expect(await ask(emulator, 'GET', '/dkim/mg.example.com')).toEqual({ status: 200, body: record })
  expect(await ask(emulator, 'GET', '/dkim/evil;example')).toMatchObject({ status: 404 })
})

describe('the relaxed canonicalisation', () => {
  // RFC 6376 section 3.4.5.
  test('reads as the example of its RFC', () => {
    const fields = ['A: X', 'B : Y\t\r\n\tZ  ']

    expect(fields.map(relaxedField)).toEqual(['a:X', 'b:Y Z'])
    expect(relaxedBody(Buffer.from(' C \r\nD \t E\r\n\r\n\r\n')).toString()).toBe(' C\r\nD E\r\n')
  })

  test.each([
    ['', ''],
    ['\r\n', ''],
    ['\r\n \t\r\n\r\n', ''],
    ['Hi', 'Hi\r\n'],
    ['Hi \nyou', 'Hi\r\nyou\r\n'],
    ['\r\nHi\r\n', '\r\nHi\r\n'],
  ])('makes of the body %j %j', (body, canonical) => {
    expect(relaxedBody(Buffer.from(body)).toString()).toBe(canonical)
  })

  test('takes the body of a hostile mail in linear time', () => {
    const body = `${' \t'.repeat(2_000_000)}x${' '.repeat(2_000_000)}y${'\r\n'.repeat(1_000_000)}`

    expect(relaxedBody(Buffer.from(body)).toString()).toBe(' x y\r\n')
  })
})

test('the hash of an empty body is that of RFC 6376', () => {
  const [signature] = dkimSignatures(
    Buffer.from('From: a@b.example\r\n\r\n\r\n'),
    [{ domain: 'b.example', selector: 's' }],
    new Date(0),
  )

  expect(createHash('sha256').digest('base64')).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
  expect(signature).toContain('; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=')
})

function lineLengths(message: Message | undefined): readonly number[] {
  const header = /^DKIM-Signature:[^]*?\r\n(?=\S)/m.exec(message?.raw.toString() ?? '')?.[0] ?? ''
  return header.split('\r\n').map(({ length }) => length)
}
