import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { MailgunMessage } from '../../src/index.ts'
import { wireOf } from '../wire/wire.ts'

// Each file in golden/ is typed by hand. A test never writes one: when the wire changes, read it and type it again.

function letter(number: number): MailgunMessage {
  return {
    from: 'Shop <shop@example.com>',
    to: 'Ada <ada@example.net>',
    subject: 'Your order',
    text: 'Thank you.',
    messageId: `<${number}@example.com>`,
    date: new Date('2026-11-23T09:00:00Z'),
    baseBoundary: 'golden',
  }
}

const messages: Readonly<Record<string, MailgunMessage>> = {
  'tags-and-tracking': {
    ...letter(1),
    mailgun: {
      tags: ['newsletter', 'September 2026, part 1'],
      dkim: true,
      dropMessage: true,
      track: false,
      trackClicks: 'htmlonly',
      trackOpens: false,
      requireTls: true,
    },
  },
  json: {
    ...letter(2),
    mailgun: {
      variables: {
        quote: 'say "yes"',
        'back\\slash': 'C:\\tmp',
        accent: 'café',
        emoji: '😀',
        'look-alike': '=?utf-8?Q?x?=',
        lines: 'a\r\nX-Evil: 1',
        separator: '\u2028',
        half: '\ud800',
        absent: undefined,
        list: [1, 2.5, -3, true, false, null],
        nested: { empty: {}, none: [] },
      },
      templateName: 'welcome',
      templateVersion: 'v2',
      templateVariables: { title: 'Hello, world & <friends>' },
    },
  },
  batch: {
    ...letter(3),
    to: ['Ada <ada@example.net>', 'bob@example.net'],
    subject: 'Hello, %recipient.name%',
    text: 'Hello, %recipient.name%',
    html: '<p>Hello, %recipient.name%</p>',
    mailgun: {
      recipientVariables: {
        'ada@example.net': { name: 'Ada', id: 1 },
        'bob@example.net': { name: 'Bob', id: 2 },
      },
    },
  },
  schedule: {
    ...letter(4),
    mailgun: {
      secondaryDkim: 'example.com/s1',
      secondaryDkimPublic: 'brand.example/s2',
      deliverBy: '2026-11-24T09:30:00.999+02:00',
      deliverWithin: '1h30m',
      dropMessage: false,
      trackPixelLocationTop: true,
      skipVerification: false,
      sendingIp: '192.0.2.7',
      sendingIpPool: '5c5e7f0a',
      deliveryTimeOptimizePeriod: '24h',
      timeZoneLocalize: '04:00pm',
      archiveTo: 'https://archive.example/mail?from=shop',
      suppressHeaders: ['X-Mailgun-Sid', 'X-Mailgun-Variables'],
    },
  },
}

test.each(Object.entries(messages))('golden/%s.eml leaves byte for byte', async (name, message) => {
  const golden = readFileSync(new URL(`./golden/${name}.eml`, import.meta.url), 'utf8')

  const { raw } = await wireOf(message)

  expect(raw.replaceAll('\r\n', '\n')).toBe(golden)
  expect(raw.match(/(?<!\r)\n|\r(?!\n)/g)).toBeNull()
})

test('the envelope of a batch names every recipient', async () => {
  const { envelope } = await wireOf(messages.batch ?? {})

  expect(envelope).toEqual({
    from: 'shop@example.com',
    to: ['ada@example.net', 'bob@example.net'],
  })
})
