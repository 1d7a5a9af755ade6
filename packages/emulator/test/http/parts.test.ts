import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type Copy, type MailgunEmulator } from '../../src/index.ts'
import { ask } from '../clients/json.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator()
  transporter = openMailClient(emulator)
})
afterAll(async () => {
  transporter.close()
  await emulator.close()
})

const complaint = [
  'From: Bo <bo@example.com>',
  'To: shop@mg.example.com',
  'Subject: =?utf-8?Q?It_br=C3=B6ke?=',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/html',
  '',
  '<p>Look: <img src="cid:photo"></p>',
  '--inner',
  'Content-Type: image/png',
  'Content-ID: <photo>',
  'Content-Disposition: inline; filename=photo.png',
  '',
  'png!',
  '--inner--',
  '',
].join('\r\n')

async function sendRaw(raw: string | Buffer): Promise<Copy> {
  const envelope = { from: 'shop@mg.example.com', to: ['ada@example.com'] }
  await transporter.sendMail({ envelope, raw })
  const copy = emulator.copies.at(-1)
  if (!copy) throw new Error('no copy')
  return copy
}

function mixed(...parts: readonly string[]): string {
  const body = parts.map((part) => `--outer\r\n${part}\r\n`).join('')
  return `From: shop@mg.example.com\r\nSubject: S\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n${body}--outer--\r\n`
}

describe('an attached mail', () => {
  test.each([
    ['as it is', complaint, ''],
    [
      'in Base64',
      Buffer.from(complaint).toString('base64'),
      'Content-Transfer-Encoding: base64\r\n',
    ],
  ])('%s is a file, and opens as a mail of its own', async (_, content, encoding) => {
    const copy = await sendRaw(
      mixed(
        'Content-Type: text/plain\r\n\r\nSee the file.',
        `Content-Type: message/rfc822; name=complaint.eml\r\n${encoding}Content-Disposition: attachment; filename=complaint.eml\r\n\r\n${content}`,
      ),
    )

    const { text, html, attachments } = await copy.load()
    expect([text, html]).toEqual(['See the file.', undefined])
    expect(attachments).toMatchObject([
      {
        filename: 'complaint.eml',
        contentType: 'message/rfc822',
        mail: {
          subject: 'It bröke',
          from: 'Bo <bo@example.com>',
          html: '<p>Look: <img src="cid:photo"></p>',
          attachments: [{ filename: 'photo.png', contentType: 'image/png', size: 4 }],
        },
      },
    ])
    const { body } = await ask(emulator, 'GET', `/messages/${copy.id}`)
    expect(body).toMatchObject({
      attachments: [{ filename: 'complaint.eml', mail: { subject: 'It bröke', text: '' } }],
    })
  })

  test('has an address of its own in the MIME tree, where it is drawn with its images', async () => {
    const copy = await sendRaw(
      mixed(
        'Content-Type: text/plain\r\n\r\nx',
        `Content-Type: message/rfc822\r\n\r\n${complaint}`,
      ),
    )

    const { body } = await ask(emulator, 'GET', `/messages/${copy.id}/mime`)
    expect(body).toMatchObject({
      section: '',
      contentType: 'multipart/mixed',
      parts: [
        { section: '1', contentType: 'text/plain', parts: [] },
        {
          section: '2',
          contentType: 'message/rfc822',
          parts: [
            {
              section: '2.1',
              contentType: 'multipart/mixed',
              parts: [
                { section: '2.1.1', contentType: 'text/html' },
                { section: '2.1.2', contentType: 'image/png', filename: 'photo.png' },
              ],
            },
          ],
        },
      ],
    })
    const base = `${emulator.httpUrl}/emulator/v1/messages/${copy.id}/mime`
    const page = await (await fetch(`${base}/2/html`)).text()
    expect(page).toContain('<img src="../2.1.2">')
    const image = await fetch(new URL('../2.1.2', `${base}/2/html`))
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(await image.text()).toBe('png!')
  })
})

describe('a text with a file name', () => {
  test('is a file, also when it is marked inline, as Apple Mail does', async () => {
    const copy = await sendRaw(
      mixed(
        'Content-Type: text/plain\r\n\r\nBefore',
        'Content-Type: text/plain; name="notes.txt"\r\nContent-Disposition: inline; filename="notes.txt"\r\n\r\nnotes',
        "Content-Type: text/html\r\nContent-Disposition: inline; filename*=utf-8''p%C3%A4ge.html\r\n\r\n<p>page</p>",
        'Content-Type: text/plain\r\n\r\nAfter',
      ),
    )

    const { text, html, attachments } = await copy.load()
    expect([text, html]).toEqual(['Before\nAfter', undefined])
    expect(attachments.map(({ filename }) => filename)).toEqual(['notes.txt', 'päge.html'])
  })

  test('that is the whole mail is the body', async () => {
    const copy = await sendRaw(
      'From: a@mg.example.com\r\nContent-Type: text/html; name="letter.html"\r\n\r\n<p>Hi</p>\r\n',
    )

    expect((await copy.load()).html?.trim()).toBe('<p>Hi</p>')
  })
})

describe('a text', () => {
  test('has the same line ends however it is encoded', async () => {
    const encodings = ['7bit', 'quoted-printable', 'base64'] as const
    for (const textEncoding of encodings) {
      await transporter.sendMail({
        from: 'a@mg.example.com',
        to: 'ada@example.com',
        text: 'one\r\ntwo\nthree',
        textEncoding: textEncoding === '7bit' ? undefined : textEncoding,
      })
    }

    const texts = await Promise.all(
      emulator.copies.slice(-3).map(async (copy) => (await copy.load()).text.trimEnd()),
    )
    expect(texts).toEqual(Array(3).fill('one\ntwo\nthree'))
  })

  test('without HTML is a page of its own, with its links', async () => {
    const copy = await sendRaw(
      'From: a@mg.example.com\r\n\r\n<b>Not</b> HTML: https://a.test/?x=1&y="2"\r\n',
    )

    const page = await fetch(`${emulator.httpUrl}/emulator/v1/messages/${copy.id}/html`)
    const html = await page.text()
    expect(html).toContain('&lt;b&gt;Not&lt;/b&gt; HTML: ')
    expect(html).toContain('<a href="https://a.test/?x=1&amp;y=">')
    expect(html).toContain('<base target="_blank">')
  })

  test.each([
    ['UTF-7', 'text/plain; charset=utf-7', 'Hi Mom -+Jjo--!', 'Hi Mom -☺-!'],
    ['format=flowed', 'text/plain; format=flowed', 'so \r\nlong', 'so long'],
  ])('in %s is decoded', async (_, contentType, body, text) => {
    const copy = await sendRaw(
      `From: a@mg.example.com\r\nSubject: =?utf-7?Q?+AOk-?=\r\nContent-Type: ${contentType}\r\n\r\n${body}\r\n`,
    )

    expect((await copy.load()).text.trim()).toBe(text)
    expect(copy.subject).toBe('é')
  })

  test('of a header is decoded when an encoded word holds bytes as they are', async () => {
    const copy = await sendRaw(
      'From: a@mg.example.com\r\nSubject: =?utf-8?Q?caf\u00e9?=\r\n\r\nx\r\n',
    )

    expect(copy.subject).toBe('café')
  })
})

test('a mail can be saved as a file that mail programs open', async () => {
  const copy = await sendRaw('From: a@mg.example.com\r\nSubject: Your order / #7\r\n\r\nx\r\n')

  const ofCopy = await fetch(`${emulator.httpUrl}/emulator/v1/messages/${copy.id}/eml`)
  const received = await fetch(
    `${emulator.httpUrl}/emulator/v1/submissions/${copy.submission.id}/eml`,
  )
  expect(ofCopy.headers.get('content-type')).toBe('message/rfc822')
  expect(ofCopy.headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''Your-order-7.eml",
  )
  expect(Buffer.from(await ofCopy.arrayBuffer())).toEqual(copy.raw)
  expect(Buffer.from(await received.arrayBuffer())).toEqual(copy.submission.raw)
})

test.each([
  ['target', '<a href="https://a.test" target="x">a</a>'],
  ['rel', '<a rel="opener" href="https://a.test">a</a>'],
  ['target of an area', '<map><area target=x href="https://a.test"></map>'],
  ['refresh', '<meta http-equiv="refresh" content="0;url=https://a.test">'],
  ['base', '<base target="_self">'],
])('a mail cannot reach the tab that it is in by its %s', async (_, html) => {
  await transporter.sendMail({ from: 'a@mg.example.com', to: 'ada@example.com', html })
  const { id } = emulator.copies.at(-1) ?? {}

  const page = await (await fetch(`${emulator.httpUrl}/emulator/v1/messages/${id}/html`)).text()
  expect(page.startsWith('<base target="_blank">')).toBe(true)
  expect(page.slice(22)).not.toMatch(/target|rel=|http-equiv/)
})
