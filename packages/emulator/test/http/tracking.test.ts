import { request } from 'node:http'
import type { SendMailOptions } from 'nodemailer'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator, type Message } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let client: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ clock: 'virtual' })
  client = openMailClient(emulator)
})
afterEach(() => emulator.reset())
afterAll(async () => {
  client.close()
  await emulator.close()
})

const track = { 'X-Mailgun-Track': 'yes' }

async function send(mail: SendMailOptions): Promise<Message> {
  const { messageId } = await client.sendMail({
    from: 'shop@mg.example.com',
    to: 'ada@example.com',
    headers: track,
    ...mail,
  })
  return emulator.waitFor({ messageId, state: 'any' })
}

function get(address: string, init: RequestInit = {}): Promise<Response> {
  return fetch(address, { redirect: 'manual', ...init })
}

test('a link that is followed leads where it led, and tells who followed it', async () => {
  const message = await send({
    to: ['ada@example.com', 'bob@example.com'],
    text: 'See https://shop.test/plain.',
    html: '<a href="https://shop.test/?a=1&amp;b=2">x</a><a href="http://shop.test/two">y</a>',
  })
  const [ada, bob] = message.submission.messages
  const { html, text, links, trackedLinks } = (await bob?.load()) ?? {}

  expect(links).toEqual([
    'https://shop.test/?a=1&b=2',
    'http://shop.test/two',
    'https://shop.test/plain',
  ])
  expect(`${html}${text}`).not.toContain('shop.test')
  expect(bob?.raw.toString()).not.toContain('shop.test')
  expect(bob?.submission.raw.toString()).toContain('https://shop.test/plain')
  const second = trackedLinks?.find(({ url }) => url === 'http://shop.test/two')
  expect(second?.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/c\/[\w-]{48}$/)
  const waiting = emulator.waitFor(({ clicks }) => clicks.length > 0)
  const response = await get(second?.address ?? '')

  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('http://shop.test/two')
  expect(bob?.clicks).toEqual([{ at: emulator.clock.now(), url: 'http://shop.test/two', link: 2 }])
  expect(await waiting).toBe(bob)
  expect(ada?.clicks).toEqual([])
  expect(bob?.opens).toEqual([])
})

test('a pixel that is loaded tells who opened the mail', async () => {
  const message = await send({ html: '<p>Hi</p>' })
  const { html, pixel = '' } = await message.load()

  expect(html).toContain(`<img width="1px" height="1px" alt="" src="${pixel}">`)
  const response = await get(pixel, { headers: { origin: 'null' } })
  await get(pixel)

  expect(response.headers.get('content-type')).toBe('image/gif')
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const image = Buffer.from(await response.arrayBuffer()).toString('latin1')
  expect(image.slice(0, 10)).toBe('GIF89a\x01\0\x01\0')
  expect(message.opens).toEqual([{ at: emulator.clock.now() }, { at: emulator.clock.now() }])
  expect(message.clicks).toEqual([])
})

test('a program that only looks is not a reader', async () => {
  const message = await send({ html: '<a href="https://shop.test/">x</a>' })
  const { trackedLinks, pixel } = await message.load()

  const responses = await Promise.all(
    [pixel, trackedLinks[0]?.address].map((address) => get(address ?? '', { method: 'HEAD' })),
  )

  expect(responses.map(({ status }) => status)).toEqual([200, 302])
  expect(responses[1]?.headers.get('location')).toBe('https://shop.test/')
  expect([message.opens, message.clicks]).toEqual([[], []])
})

test('each recipient’s own values are in what their links lead to', async () => {
  const message = await send({
    to: ['ada@example.com', 'bob@example.com'],
    html: '<a href="https://shop.test/%recipient.id%">x</a>',
    headers: {
      ...track,
      'X-Mailgun-Recipient-Variables': '{"ada@example.com":{"id":1},"bob@example.com":{"id":2}}',
    },
  })

  const locations = message.submission.messages.map(async (copy) => {
    const { trackedLinks } = await copy.load()
    return (await get(trackedLinks[0]?.address ?? '')).headers.get('location')
  })

  expect(await Promise.all(locations)).toEqual(['https://shop.test/1', 'https://shop.test/2'])
})

test('what a link says cannot become a header, and is escaped as browsers do', async () => {
  const message = await send({
    html: '<a href="https://shop.test/&#13;&#10;Set-Cookie: a=b/ü">x</a>',
  })
  const { trackedLinks } = await message.load()

  const { headers } = await get(trackedLinks[0]?.address ?? '')

  expect(headers.get('location')).toBe('https://shop.test/Set-Cookie:%20a=b/%C3%BC')
  expect(headers.get('set-cookie')).toBeNull()
})

test('a mail that asks for no tracking is as it was sent', async () => {
  const html = '<a href="https://shop.test/" disable-tracking=true>x</a>'
  const message = await send({ html, headers: {} })

  const content = await message.load()

  expect(content.html?.trim()).toBe(html)
  expect(content).toMatchObject({ trackedLinks: [], pixel: undefined })
})

test('a copy that is not delivered yet has no reader', async () => {
  const message = await send({
    html: '<a href="https://shop.test/">x</a>',
    headers: {
      ...track,
      'X-Mailgun-Deliver-By': new Date(Number(emulator.clock.now()) + 3_600_000).toUTCString(),
    },
  })
  const { trackedLinks, pixel = '' } = await message.load()
  const [link] = trackedLinks

  expect((await get(pixel)).status).toBe(200)
  expect((await get(link?.address ?? '')).status).toBe(302)
  expect([message.opens, message.clicks]).toEqual([[], []])
  emulator.clock.advance('2h')
  await get(link?.address ?? '')

  expect(message.clicks).toHaveLength(1)
})

test('an open is not an arrival', async () => {
  const message = await send({ html: 'x' })
  const { pixel = '' } = await message.load()

  expect(await emulator.during(() => get(pixel))).toEqual([])
  expect(message.opens).toHaveLength(1)
})

test('forgotten mail leads nowhere, and neither does a guess', async () => {
  const message = await send({ html: '<a href="https://shop.test/">x</a>' })
  const { trackedLinks, pixel = '' } = await message.load()
  const address = trackedLinks[0]?.address ?? ''
  const asClick = pixel.replace('/o/', '/c/')
  const guess = `${address.slice(0, -1)}${address.endsWith('A') ? 'E' : 'A'}`

  const wrong = await Promise.all([asClick, guess].map((each) => get(each)))
  emulator.reset()
  const gone = await Promise.all([address, pixel].map((each) => get(each)))

  expect([...wrong, ...gone].map(({ status }) => status)).toEqual([404, 404, 404, 404])
  expect(message.opens).toEqual([])
})

test('any page may lead to a link, but under the inbox’s own name alone', async () => {
  const message = await send({ html: '<a href="https://shop.test/">x</a>' })
  const { trackedLinks, pixel = '' } = await message.load()
  const address = trackedLinks[0]?.address ?? ''

  expect(await statusOf(address, { origin: 'https://mail.example' })).toBe(302)
  expect(await statusOf(pixel, { origin: 'https://mail.example' })).toBe(200)
  for (const each of [address, pixel]) {
    expect(await statusOf(each, { host: 'evil.example' })).toBe(403)
    expect(await statusOf(each, { origin: 'https://mail.example' }, 'POST')).toBe(403)
  }
})

/** By node:http, as fetch sets Host and Origin itself. */
function statusOf(
  address: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('the API shows what is tracked, and its opens and clicks', async () => {
  const message = await send({ html: '<a href="https://shop.test/">x</a>' })
  const { trackedLinks, pixel = '' } = await message.load()
  await get(pixel)
  await get(trackedLinks[0]?.address ?? '')
  const at = emulator.clock.now().toISOString()
  const activity = {
    tracking: { opens: true, clicks: true, pixel: 'bottom' },
    opens: [{ at }],
    clicks: [{ at, url: 'https://shop.test/', link: 0 }],
  }
  const root = `${emulator.httpUrl}/emulator/v1`

  const shown = await (await get(`${root}/messages/${message.id}`)).json()
  const submission = await (await get(`${root}/submissions/${message.submission.id}`)).json()

  expect(shown).toMatchObject({ ...activity, trackedLinks, pixel, links: ['https://shop.test/'] })
  expect(submission).toMatchObject({ messages: [activity] })
})

test('an open page is told of a click', async () => {
  const message = await send({ html: '<a href="https://shop.test/">x</a>' })
  const { trackedLinks } = await message.load()
  const stop = new AbortController()
  const stream = await get(`${emulator.httpUrl}/emulator/v1/stream`, { signal: stop.signal })
  await get(trackedLinks[0]?.address ?? '')

  let told = ''
  for await (const chunk of stream.body ?? []) {
    told += Buffer.from(chunk).toString()
    if (told.includes('activity')) break
  }
  stop.abort()

  expect(told).toContain(
    `event: activity\ndata: {"submissionId":"${message.submission.id}","messageId":"${message.id}"}\n\n`,
  )
})

test('without HTTP, links have Mailgun’s form', async () => {
  await using offline = await createMailgunEmulator({
    httpPort: false,
    domains: [{ name: 'mg.example.com', tracking: { opens: true, clicks: true } }],
  })
  const own = openMailClient(offline)
  const html = '<a href="https://shop.test/">x</a>'
  await own.sendMail({ from: 'shop@mg.example.com', to: 'ada@example.com', html })
  own.close()

  const content = await (await offline.waitFor({ to: 'ada@example.com' })).load()

  expect(content.html).toMatch(
    /^<a href="http:\/\/email\.mg\.example\.com\/c\/[\w-]{48}">x<\/a>\s*<img .* src="http:\/\/email\.mg\.example\.com\/o\/[\w-]{48}">\s*$/,
  )
  expect(content.links).toEqual(['https://shop.test/'])
})
