import { request } from 'node:http'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'

const hostile = `<!DOCTYPE html><html><head><title>x</title></head><body>
<script>alert(1)</script><img src="cid:logo@x"><img src='CID:logo%40x'><img src="cid:other">
<div style="background:url(cid:drawing)">cid:logo@x</div></body></html>`

let emulator: MailgunEmulator
let messageUrl: string
beforeAll(async () => {
  emulator = await createMailgunEmulator()
  const transporter = createTransport(emulator.transport)
  await transporter.sendMail({
    from: 'shop@mg.example.com',
    to: 'ada@example.com',
    html: hostile,
    attachments: [
      { filename: 'logo.png', cid: 'logo@x', content: Buffer.from('png') },
      { filename: 'd.svg', cid: 'drawing', content: '<svg onload="alert(1)"/>' },
      { filename: `a"b\r\nä'.html`, content: '<script>alert(1)</script>' },
    ],
  })
  transporter.close()
  const { id } = await emulator.waitFor({ to: 'ada@example.com' })
  messageUrl = `${emulator.httpUrl}/emulator/v1/messages/${id}`
})
afterAll(() => emulator.close())

describe('the HTML of a mail', () => {
  test('comes under a policy that lets nothing run and nothing load', async () => {
    const { headers } = await fetch(`${messageUrl}/html`)

    expect(headers.get('content-security-policy')).toBe(
      `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: ${emulator.httpUrl}/o/; base-uri 'none'; form-action 'none'`,
    )
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('loads images from elsewhere only when asked to', async () => {
    const { headers } = await fetch(`${messageUrl}/html?images=remote`)

    expect(headers.get('content-security-policy')).toContain("img-src 'self' data: http: https:;")
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('points to its own images, and opens links in new tabs', async () => {
    const html = await (await fetch(`${messageUrl}/html`)).text()

    expect(html).toMatch(/^<!DOCTYPE html><html><head><base target="_blank"><title>/)
    expect(html).toContain(`<img src="part/0"><img src='part/0'>`)
    expect(html).toContain('<img src="cid:other">')
    expect(html).toContain('url(part/1)')
  })
})

describe('a part of a mail', () => {
  test('that is an image is drawn, also in the sandbox, which has no origin', async () => {
    const { status, headers } = await get(`${messageUrl}/part/0`, { origin: 'null' })

    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': "inline; filename*=UTF-8''logo.png",
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    })
  })

  test.each([
    ['an SVG, which can run scripts', 1, "attachment; filename*=UTF-8''d.svg"],
    ['HTML', 2, /^attachment; filename\*=UTF-8''[\w%.-]+\.html$/],
  ])('that is %s is only saved', async (_, n, disposition) => {
    const { headers } = await get(`${messageUrl}/part/${n}`)

    expect(headers['content-type']).toBe('application/octet-stream')
    expect(headers['content-disposition']).toMatch(disposition)
    expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'")
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  test.each(['3', '-1', '0x0', '__proto__'])('that does not exist is not found: %s', async (n) => {
    expect((await get(`${messageUrl}/part/${n}`)).status).toBe(404)
  })
})

describe('a request', () => {
  test.each([
    ['under a foreign name, as by DNS rebinding', { host: 'evil.example' }],
    ['under a name that only begins well', { host: '127.0.0.1.evil.example' }],
    ['under a name that only ends well', { host: 'evil-localhost' }],
    ['under no readable name', { host: ':::' }],
    ['from a foreign page', { origin: 'https://evil.example' }],
    ['from a page without origin', { origin: 'null' }],
  ])('%s is refused', async (_, headers) => {
    for (const path of ['/', '/ca.pem', '/emulator/v1/submissions', '/emulator/v1/stream']) {
      expect(await get(`${emulator.httpUrl}${path}`, headers)).toMatchObject({ status: 403 })
    }
  })

  test.each(['localhost', '127.0.0.1:1', '[::1]:8025', 'LOCALHOST'])(
    'under the name %s is answered',
    async (host) => {
      expect((await get(`${emulator.httpUrl}/emulator/v1/info`, { host })).status).toBe(200)
    },
  )

  test.each([
    ['with no header at all', {}],
    ['as a form', { 'content-type': 'text/plain', 'x-mailgun-emulator': '1' }],
    ['as plain JSON', { 'content-type': 'application/json' }],
  ])('to change something %s is refused', async (_, headers) => {
    const path = `${emulator.httpUrl}/emulator/v1/submissions`
    const response = await fetch(path, { method: 'DELETE', headers })

    expect(response.status).toBe(403)
    expect(emulator.submissions).toHaveLength(1)
  })

  test('is never answered with leave for other origins', async () => {
    const { headers } = await get(`${emulator.httpUrl}/emulator/v1/info`, {
      origin: 'http://localhost:3000',
    })

    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('with remote clients allowed, a request', () => {
  let remote: MailgunEmulator
  beforeAll(async () => {
    remote = await createMailgunEmulator({ allowRemote: true })
  })
  afterAll(() => remote.close())

  test.each(['localhost', '192.168.0.5:8025', '[fe80::1]:8025', 'mailgun:8025'])(
    'under the name %s is answered, also to its own page',
    async (host) => {
      const url = `${remote.httpUrl}/emulator/v1/info`

      expect((await get(url, { host })).status).toBe(200)
      expect((await get(url, { host, origin: `http://${host}` })).status).toBe(200)
    },
  )

  test.each([
    ['under a name that others may point here', { host: 'rebound.example.com' }],
    ['from a page of another site', { host: '192.168.0.5', origin: 'http://192.168.0.6' }],
    ['from a page without origin', { host: '192.168.0.5', origin: 'null' }],
  ])('%s is refused', async (_, headers) => {
    expect((await get(`${remote.httpUrl}/emulator/v1/info`, headers)).status).toBe(403)
  })
})

test('the page runs its own scripts only and cannot be framed', async () => {
  const { headers } = await get(`${emulator.httpUrl}/`)

  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
})

/** Unlike fetch, sends Host and Origin as told. */
function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => {
      resolve({ status: response.statusCode, headers: response.headers })
      response.destroy()
    })
      .on('error', reject)
      .end()
  })
}
