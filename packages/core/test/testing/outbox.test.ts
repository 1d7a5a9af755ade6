import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { createMailer, withMailgunOptions } from '../../src/index.ts'
import { createOutbox } from '../../src/testing.ts'

const letter = { from: 'Shop <shop@mg.example.com>', to: 'ada@example.com' }

describe('an outbox', () => {
  test('keeps the message that would have left, with its options merged from every layer', async () => {
    const outbox = createOutbox()
    const mailer = createMailer(outbox.transporter).with({ trackOpens: false })

    const receipt = await withMailgunOptions({ tags: ['outer'] }, () =>
      mailer.send({ ...letter, subject: 'Grüße aus Köln', text: 'Hi', mailgun: { tags: ['own'] } }),
    )

    const [message] = outbox.messages
    expect(message).toMatchObject({
      messageId: receipt.messageId,
      envelope: { from: 'shop@mg.example.com', to: ['ada@example.com'] },
      from: 'Shop <shop@mg.example.com>',
      to: 'ada@example.com',
      subject: 'Grüße aus Köln',
      options: { tags: ['outer', 'own'], trackOpens: false },
      diagnostics: [],
      unreplaced: [],
    })
    expect(receipt).toMatchObject({ accepted: ['ada@example.com'], refused: [], attempts: 1 })
    expect(message?.headers).toContainEqual(['X-Mailgun-Tag', 'own'])
  })

  test.each([
    ['text alone', { text: 'Grüße\nzwei' }],
    ['HTML alone', { html: '<p>Ä "=" %</p>' }],
    [
      'both, with a picture and files',
      {
        text: `${'long '.repeat(100)}\nend`,
        html: '<p>Hi <img src="cid:logo"></p>',
        attachments: [
          { filename: 'logo.png', content: Buffer.from([0, 1, 2, 255]), cid: 'logo' },
          { filename: 'Rechnung für März.pdf', content: 'x'.repeat(1_000) },
          { filename: 'notes.txt', content: 'a text that is a file' },
        ],
      },
    ],
    ['nothing but a file', { attachments: [{ filename: 'a "b";c.csv', content: 'a,b' }] }],
    ['no body', {}],
  ])('reads back %s as another parser does', async (_, content) => {
    const outbox = createOutbox()

    await createMailer(outbox.transporter).send({ ...letter, subject: 'S', ...content })

    const [message] = outbox.messages
    const body = await message?.load()
    const other = await PostalMime.parse(message?.raw ?? '')
    const lines = (text = ''): string => text.replaceAll('\r\n', '\n').trimEnd()
    expect(lines(body?.text)).toBe(lines(other.text))
    expect(lines(body?.html)).toBe(lines(other.html))
    expect(body?.attachments).toEqual(
      other.attachments.map(({ filename, mimeType, contentId, content }) => ({
        filename,
        contentType: mimeType,
        size: (content as ArrayBuffer).byteLength,
        contentId: contentId?.replace(/^<|>$/g, ''),
        content: Buffer.from(content as ArrayBuffer),
      })),
    )
    expect(message?.raw.toString()).not.toMatch(/(?<!\r)\n/)
  })

  test('lists an attached mail as a file, and opens it as a mail of its own', async () => {
    const outbox = createOutbox()
    const complaint =
      'From: Bo <bo@example.com>\r\nTo: shop@mg.example.com\r\nSubject: =?utf-8?Q?Na=C3=AFve?=\r\n\r\nIt broke.'

    await createMailer(outbox.transporter).send({
      ...letter,
      subject: 'S',
      text: 'See the file.',
      attachments: [
        { filename: 'complaint.eml', content: complaint, contentType: 'message/rfc822' },
      ],
    })

    const body = await outbox.messages[0]?.load()
    expect(body?.text.trim()).toBe('See the file.')
    expect(body?.attachments).toMatchObject([
      {
        filename: 'complaint.eml',
        contentType: 'message/rfc822',
        mail: { subject: 'Naïve', from: 'Bo <bo@example.com>', text: 'It broke.', attachments: [] },
      },
    ])
  })

  test('lists a text part that has a file name as a file, also when it is marked inline', async () => {
    const outbox = createOutbox()

    await createMailer(outbox.transporter).send({
      ...letter,
      subject: 'S',
      text: 'Read on below.',
      attachments: [
        { filename: 'notes.txt', content: 'a file', contentDisposition: 'inline' },
        { filename: 'page.html', content: '<p>a file</p>', contentDisposition: 'inline' },
      ],
    })

    const body = await outbox.messages[0]?.load()
    expect(body?.text.trim()).toBe('Read on below.')
    expect(body?.html).toBeUndefined()
    expect(body?.attachments.map(({ filename }) => filename)).toEqual(['notes.txt', 'page.html'])
  })

  test('names the placeholders that some recipient would read, and what lint says', async () => {
    const outbox = createOutbox()

    await createMailer(outbox.transporter).send({
      from: letter.from,
      to: ['ada@example.com', 'alan@example.com'],
      subject: 'Hi %recipient.first%',
      text: '%recipient.last% %recipient.first% %recipient_email%',
      mailgun: {
        recipientVariables: {
          'ada@example.com': { first: 'Ada', last: 'L' },
          'alan@example.com': { first: 'Alan' },
        },
      },
    })

    expect(outbox.messages[0]?.unreplaced).toEqual(['%recipient.last%'])
    expect(outbox.messages[0]?.diagnostics.map(({ code }) => code)).toEqual([
      'placeholder-without-variable',
    ])
  })

  test('refuses what a real send would refuse, and keeps nothing of it', async () => {
    const outbox = createOutbox()
    const mailer = createMailer(outbox.transporter)

    await expect(
      mailer.send({ ...letter, text: 'x', headers: { 'X-Mailgun-Tag': 'mine' } }),
    ).rejects.toMatchObject({ code: 'ERR_MAILGUN_INVALID_MESSAGE' })
    await expect(
      mailer.send({ ...letter, attachments: [{ path: '/etc/hostname' }] }),
    ).rejects.toThrow(/not|access/i)

    expect(outbox.messages).toEqual([])
    await expect(mailer.verify()).resolves.toBe(true)
    await mailer.close()
  })

  test('waits for a mail that is still to come, and says which was nearest if none did', async () => {
    const outbox = createOutbox()
    const waiting = outbox.waitFor({ subject: /two/ })
    await outbox.transporter.sendMail({ ...letter, subject: 'one', text: 'x' })
    await outbox.transporter.sendMail({ ...letter, subject: 'two', text: 'x' })

    expect((await waiting).subject).toBe('two')
    expect((await outbox.waitFor({ subject: 'one' })).subject).toBe('one')
    await expect(outbox.waitFor({ subject: 'three' }, { timeout: 1 })).rejects.toMatchObject({
      name: 'TimeoutError',
      message: expect.stringContaining("✗ subject    two   not 'three'") as string,
    })
    await expect(outbox.waitFor({ too: 'x' } as object)).rejects.toThrow(
      "A mail filter has no field 'too'; it has to, from, subject, tag, messageId, state.",
    )
    outbox.reset()
    expect(outbox.messages).toEqual([])
  })
})
