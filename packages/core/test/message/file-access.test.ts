import { createTransport, type SendMailOptions } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { attachMailgun, createMailer } from '../../src/index.ts'
import { letter } from '../wire/wire.ts'

// A file of this repository, and words in it.
const path = new URL('../values/freeze.ts', import.meta.url).pathname
const words = 'Freezes a value and all it holds'

function transporter(options: object = {}, defaults: SendMailOptions = {}) {
  return attachMailgun(
    createTransport({ streamTransport: true as const, buffer: true, ...options }, defaults),
  )
}

async function sent(attached: ReturnType<typeof transporter>, message: object): Promise<string> {
  const { message: bytes } = await attached.sendMail({ ...letter, ...message })
  return (bytes as Buffer).toString()
}

describe('a transporter that says nothing of files reads none', () => {
  test.each([
    ['as an attachment', { attachments: [{ path }] }],
    [
      'as an attachment, where the message allows it',
      { attachments: [{ path }], disableFileAccess: false },
    ],
    ['as the HTML', { html: { path } }],
    ['as the HTML that nodemailer reads for its images', { html: { path }, attachDataUrls: true }],
    [
      'as the HTML that nodemailer reads for its images, where the message allows it',
      { html: { path }, attachDataUrls: true, disableFileAccess: false },
    ],
    [
      'from a URL that nodemailer reads for its images',
      { html: { href: 'http://127.0.0.1:9/' }, attachDataUrls: true, disableUrlAccess: false },
    ],
  ])('%s', async (_name, message) => {
    await expect(sent(transporter(), message)).rejects.toThrow(/access rejected|cannot be read/i)
    await expect(
      createMailer(transporter() as never).send({ ...letter, ...message }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_MAILGUN_(?:INVALID_MESSAGE|CONTENT)$/) as string,
    })
  })
})

test('one that allows it, in its options or its defaults, reads them', async () => {
  const allowed = { disableFileAccess: false }

  for (const attached of [transporter(allowed), transporter({}, allowed)]) {
    expect(await sent(attached, { text: { path } })).toContain(words)
    await expect(sent(attached, { text: { href: 'http://127.0.0.1:9/' } })).rejects.toThrow(
      'text.href cannot be read',
    )
  }
})

test("the defaults' object stays the caller's", () => {
  const defaults = Object.freeze({ from: 'shop@example.com' })

  transporter({}, defaults)

  expect(defaults).toEqual({ from: 'shop@example.com' })
})
