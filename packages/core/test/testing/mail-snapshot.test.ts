import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createMailer, type MailgunMessage } from '../../src/index.ts'
import {
  createOutbox,
  mailSnapshot,
  mailSnapshotMatchers,
  type CapturedMail,
  type OutboxMessage,
} from '../../src/testing.ts'

async function mailWith(message: MailgunMessage): Promise<OutboxMessage> {
  const outbox = createOutbox()
  await createMailer(outbox.transporter).send({
    from: 'Shop <shop@mg.example.com>',
    to: 'ada@example.com',
    ...message,
  })
  return outbox.waitFor({})
}

const onePixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
const otherPixel = 'data:image/gif;base64,R0lGODlhAQABAIAAADs='

function pictures(...sources: readonly string[]): string {
  return sources.map((source) => `<img src="${source}">`).join('')
}

const rich: MailgunMessage = {
  subject: 'Grüße aus Köln',
  text: 'Hello Ada\n\nenvelope\n',
  html: `<p>Hello</p>${pictures(onePixel, otherPixel, onePixel)}`,
  attachDataUrls: true,
  attachments: [{ filename: 'invoice.pdf', content: 'PDF!' }],
  mailgun: {
    tags: ['welcome'],
    variables: { order: { id: 7 } },
    trackClicks: 'htmlonly',
  },
}

describe('mailSnapshot', () => {
  test('writes down the whole mail, without what no two runs share', async () => {
    const snapshot = await mailSnapshot(await mailWith(rich))

    expect(snapshot).toBe(
      `envelope
  from: shop@mg.example.com
  to: ada@example.com

headers
  X-Mailgun-Tag: welcome
  X-Mailgun-Variables: {"order":{"id":7}}
  X-Mailgun-Track-Clicks: htmlonly
  From: Shop <shop@mg.example.com>
  To: ada@example.com
  Subject: Grüße aus Köln
  Message-ID: <message-id>
  Date: [date]
  MIME-Version: 1.0
  Content-Type: multipart/mixed; boundary="[boundary]"

options
  tags: [
    "welcome"
  ]
  trackClicks: "htmlonly"
  variables: {
    "order": {
      "id": 7
    }
  }

text
  Hello Ada

  envelope

html
  <p>Hello</p><img src="cid:[cid 1]"><img src="cid:[cid 2]"><img src="cid:[cid 3]">

attachments
  image-1.gif, image/gif, 14 bytes, cid:[cid 1], sha256:2f41918f848b5fb0
  image-2.gif, image/gif, 14 bytes, cid:[cid 2], sha256:e80001e754df766a
  image-3.gif, image/gif, 14 bytes, cid:[cid 3], sha256:2f41918f848b5fb0
  invoice.pdf, application/pdf, 4 bytes, sha256:9f6dcadda37783fd`,
    )
  })

  test('is the same of two mails that were sent alike', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-02T03:04:05Z') })
    onTestFinished(() => void vi.useRealTimers())
    const one = await mailWith(rich)
    vi.setSystemTime(new Date('2027-02-03T04:05:06Z'))
    const other = await mailWith(rich)

    const dateOf = ({ headers }: OutboxMessage): unknown => Object.fromEntries(headers).Date
    expect(dateOf(one)).not.toBe(dateOf(other))
    expect(await mailSnapshot(other)).toBe(await mailSnapshot(one))
  })

  test.each([
    ['the sender', { from: 'Sales <shop@mg.example.com>' }],
    ['a recipient', { to: 'alan@example.com' }],
    ['the envelope', { envelope: { from: 'bounce@mg.example.com', to: 'ada@example.com' } }],
    ['the subject', { subject: 'Grüße' }],
    ['a header', { headers: { 'X-Order': '7' } }],
    ['an option', { mailgun: { ...rich.mailgun, tags: ['Welcome'] } }],
    ['the text', { text: 'Hello Ada\n\nenvelope.' }],
    ['the HTML', { html: '<p>Hello </p>' }],
    ['the name of a file', { attachments: [{ filename: 'Invoice.pdf', content: 'PDF!' }] }],
    ['one byte of a file', { attachments: [{ filename: 'invoice.pdf', content: 'PDF?' }] }],
    ['the order of pictures', { html: `<p>Hello</p>${pictures(otherPixel, onePixel, onePixel)}` }],
  ] satisfies [string, MailgunMessage][])('changes with %s', async (_, change) => {
    const changed = await mailWith({ ...rich, ...change })

    expect(await mailSnapshot(changed)).not.toBe(await mailSnapshot(await mailWith(rich)))
  })

  test.each([
    ['http://localhost:41231/reset', 'http://loopback/reset'],
    ['https://127.0.0.1/', 'https://loopback/'],
    ['http://[::1]:80.', 'http://loopback.'],
    ['http://127.0.0.2:5,', 'http://loopback,'],
    ['http://localhost.example.com:41231/', 'http://localhost.example.com:41231/'],
    ['http://localhost-7/', 'http://localhost-7/'],
    ['http://127.0.0.1.example.com/', 'http://127.0.0.1.example.com/'],
    ['http://localhost:8025/c/MTIzNDU2Nzg5MDEyMzQ1Njc4', 'http://loopback/c/[token]'],
    ['http://email.mg.example.com/o/eJwVzMEKgzAMgOGnaaaa', 'http://email.mg.example.com/o/[token]'],
    ['https://email.mg.example.com/c/42', 'https://email.mg.example.com/c/42'],
    [
      'https://shop.example.com/c/eJwVzMEKgzAMgOGnaaaa',
      'https://shop.example.com/c/eJwVzMEKgzAMgOGnaaaa',
    ],
    ['<7e2c1c05-6a0b-4d3c-9a57-0c9e2f6f8a11@mg.example.com>', '<message-id>'],
    ['<20261124165433.0123456789abcdef@mg.example.com>', '<message-id>'],
    ['<order-7@mg.example.com>', '<order-7@mg.example.com>'],
    ['a@0123456789ab.example, b', 'a@checkout.example, b'],
    ['a@0123456789ab.example.com', 'a@0123456789ab.example.com'],
  ])('writes %s as %s', async (written, shown) => {
    const snapshot = await mailSnapshot(await mailWith({ text: written }))

    expect(snapshot.slice(snapshot.indexOf('\n\ntext\n') + 9)).toBe(shown)
  })

  test.each([
    [
      'Received',
      'by smtp-out-1 with SMTP id 65f0a1b2c3d4e5f6a7b8c9d0 (version=TLS1.3); Tue, 24 Nov 2026 16:54:33 +0000',
      'by smtp-out-1 with SMTP id [id] (version=TLS1.3); [date]',
    ],
    ['X-Mailgun-Sid', 'WyI0YTZiYSIsICJhZGFAZXhhbXBsZS5jb20iLCAiNjVmMGExIl0=', '[sid]'],
    ['X-Mailgun-Batch-Id', '65f0a1b2c3d4e5f6a7b8c9d0', '[id]'],
    [
      'DKIM-Signature',
      'a=rsa-sha256; v=1; d=mg.example.com; s=k1; t=1764003273; h=from:to; bh=Zm9v=; b=YmFy YmF6==',
      'a=rsa-sha256; v=1; d=mg.example.com; s=k1; t=[…]; h=from:to; bh=[…]; b=[…]',
    ],
    [
      'content-type',
      'multipart/mixed; boundary=abc; charset=utf-8',
      'multipart/mixed; boundary="[boundary]"; charset=utf-8',
    ],
    ['References', '<order-7@mg.example.com>', '<order-7@mg.example.com>'],
  ])('writes the header %s with what stays', async (name, value, shown) => {
    const mail = await mailWith({ text: 'x' })
    const received: CapturedMail = Object.create(mail, {
      headers: { value: [[name, value]] },
      load: { value: () => mail.load() },
      options: { value: {} },
      envelope: { value: mail.envelope },
    }) as CapturedMail

    expect(await mailSnapshot(received)).toContain(`headers\n  ${name}: ${shown}\n`)
  })

  test('replaces what the caller names, everywhere', async () => {
    const mail = await mailWith({
      subject: 'Order 4711',
      text: 'Order 4711 and order 4712, $5',
      headers: { 'X-Order': '4711' },
    })

    const snapshot = await mailSnapshot(mail, {
      replace: [
        [/order (\d)\d+/i, 'order $1…'],
        ['4711', 'n'],
      ],
    })

    expect(snapshot).toContain('Subject: order 4…\n')
    expect(snapshot).toContain('X-Order: n\n')
    expect(snapshot).toContain('text\n  order 4… and order 4…, $5')
  })

  test.each([[[/a/, 'b']], ['a'], [[['', 'b']]], [[[/a/]]], [[[/a/, 1]]]])(
    'refuses %j for replace',
    async (replace) => {
      const mail = await mailWith({ text: 'x' })

      await expect(mailSnapshot(mail, { replace: replace as never })).rejects.toThrow(
        'replace is a list of pairs',
      )
    },
  )

  test('is of a mail only', async () => {
    await expect(mailSnapshot({} as never)).rejects.toThrow('mailSnapshot looks at a mail')
  })
})

describe('mailSnapshotMatchers', () => {
  test("hand the text, the hint and the matcher's this to the runner", async () => {
    const mail = await mailWith({ text: 'Order 4711' })
    const calls: unknown[] = []
    const { toMatchMailSnapshot } = mailSnapshotMatchers(function (
      this: string,
      ...values: unknown[]
    ) {
      calls.push([this, ...values])
      return { pass: true, message: () => 'as before' }
    })

    const plain = await toMatchMailSnapshot.call('state', mail)
    await toMatchMailSnapshot.call('state', mail, { hint: 'second', replace: [['4711', 'n']] })

    expect(plain).toMatchObject({ pass: true })
    expect(calls).toEqual([
      ['state', await mailSnapshot(mail)],
      ['state', await mailSnapshot(mail, { replace: [['4711', 'n']] }), 'second'],
    ])
  })
})
