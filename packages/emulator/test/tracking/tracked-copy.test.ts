import { expect, test } from 'vitest'
import { trackCopy, type TrackedCopy } from '../../src/tracking/tracked-copy.ts'
import type { Tracking } from '../../src/tracking/tracking.ts'
import { encodeQuotedPrintable } from '../../src/mime/transfer-encoding.ts'

const clicks: Tracking = { opens: false, clicks: true }
const opens: Tracking = { opens: true, clicks: false, pixel: 'bottom' }

function track(source: Buffer | string, tracking: Tracking): TrackedCopy {
  return trackCopy(Buffer.from(source), tracking, {
    link: (place) => `http://t/c/${place}`,
    pixel: () => 'http://t/o/',
  })
}

function mailOf(contentType: string, body: string | Buffer, encoding = '8bit'): Buffer {
  const header = `Subject: x\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
  return Buffer.concat([Buffer.from(header), Buffer.from(body)])
}

/** The HTML of a copy of a mail that is HTML alone. */
function htmlOf(html: string, tracking: Tracking): string {
  const { source } = track(mailOf('text/html; charset=utf-8', html), tracking)
  return source.subarray(source.indexOf('\r\n\r\n') + 4).toString()
}

const pixel = '<img width="1px" height="1px" alt="" src="http://t/o/">'

test('links are rewritten in place, and each keeps its own way of writing', () => {
  const html = `<a class=b href="https://a.test/?x=1&amp;y=2">1</a> <A HREF='HTTP://b.test'>2</A> <a href=https://c.test/>3</a>`

  const { links } = track(mailOf('text/html', html), clicks)

  expect(htmlOf(html, clicks)).toBe(
    `<a class=b href="http://t/c/0">1</a> <A HREF='http://t/c/1'>2</A> <a href=http://t/c/2>3</a>`,
  )
  expect(links).toEqual([
    { url: 'https://a.test/?x=1&y=2', address: 'http://t/c/0' },
    { url: 'HTTP://b.test', address: 'http://t/c/1' },
    { url: 'https://c.test/', address: 'http://t/c/2' },
  ])
})

test.each([
  'mailto:ada@example.com',
  'tel:+4930123',
  '#top',
  '/relative',
  '//other.test/',
  'relative.html?https://a.test/',
  '%unsubscribe_url%',
  '%tag_unsubscribe_url%',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'http://',
  'https://%zz/',
  '',
])('a link to %j stays as it is', (link) => {
  const html = `<a href="${link}">x</a>`

  expect(htmlOf(html, clicks)).toBe(html)
})

test('one link can be exempt, without a trace in the copy', () => {
  expect(htmlOf('<a href="https://a.test/" disable-tracking=true>x</a>', clicks)).toBe(
    '<a href="https://a.test/">x</a>',
  )
  expect(htmlOf(`<a disable-tracking="TRUE" href='https://a.test/'>x</a>`, clicks)).toBe(
    `<a href='https://a.test/'>x</a>`,
  )
  expect(htmlOf('<a href="https://a.test/" disable-tracking=false>x</a>', clicks)).toBe(
    '<a href="http://t/c/0" disable-tracking=false>x</a>',
  )
})

test('what only looks like a link stays as it is', () => {
  const html =
    '<!-- <a href="https://a.test/"> --><style>/*<a href="https://a.test/">*/</style><img src="https://a.test/"><p>https://a.test/</p>'

  expect(htmlOf(html, clicks)).toBe(html)
})

const both = [
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'See https://a.test/x, or (http://b.test).',
  '--b',
  'Content-Type: text/html',
  '',
  '<a href="https://a.test/x">x</a>',
  '--b',
  'Content-Type: text/html',
  'Content-Disposition: attachment; filename=a.html',
  '',
  '<a href="https://a.test/x">x</a></body>',
  '--b--',
  '',
].join('\r\n')

test('links in plain text are rewritten too, without the punctuation after them', () => {
  const { source, links } = track(both, clicks)

  expect(source.toString()).toBe(
    both
      .replace('See https://a.test/x, or (http://b.test).', 'See http://t/c/0, or (http://t/c/1).')
      .replace('<a href="https://a.test/x">x</a>\r', '<a href="http://t/c/2">x</a>\r'),
  )
  expect(links.map(({ url }) => url)).toEqual([
    'https://a.test/x',
    'http://b.test',
    'https://a.test/x',
  ])
})

test('htmlonly leaves the plain text, and attached files are not text', () => {
  const { source } = track(both, { opens: false, clicks: 'htmlonly' })

  expect(source.toString()).toBe(
    both.replace('<a href="https://a.test/x">x</a>\r', '<a href="http://t/c/0">x</a>\r'),
  )
})

test.each([
  ['before the end of the body', '<body>x</body></html>', `<body>x${pixel}</body></html>`],
  ['before the last such end', '</body><b></body>', `</body><b>${pixel}</body>`],
  ['before the end of the document', '<p>x</p></html>', `<p>x</p>${pixel}</html>`],
  ['after a text without', '<p>x</p>', `<p>x</p>${pixel}`],
  ['not inside a comment', '<p>x</p><!--</body>-->', `<p>x</p><!--</body>-->${pixel}`],
])('the pixel is %s', (_, html, expected) => {
  expect(htmlOf(html, opens)).toBe(expected)
})

test.each([
  ['the body', '<head></head><body class="a>b">x', `<head></head><body class="a>b">${pixel}x`],
  ['the head', '<html><head></head>x', `<html><head></head>${pixel}x`],
  ['the document type', '<!DOCTYPE html><p>x', `<!DOCTYPE html>${pixel}<p>x`],
  ['nothing', '<p>x', `${pixel}<p>x`],
])('at the top, the pixel is after %s', (_, html, expected) => {
  expect(htmlOf(html, { ...opens, pixel: 'top' })).toBe(expected)
})

test('a mail has one pixel, in its first HTML', () => {
  const two = both.replace('text/plain', 'text/html')

  const { source, pixel: address } = track(two, opens)

  expect(source.toString()).toBe(two.replace('(http://b.test).', `(http://b.test).${pixel}`))
  expect(address).toBe('http://t/o/')
})

test.each([
  ['8bit UTF-8', 'utf-8', '8bit', Buffer.from('ü☃ ')],
  ['Latin-1', 'iso-8859-1', '8bit', Buffer.from([0xfc, 0xa0, 0x20])],
  ['Cyrillic', 'koi8-r', 'base64', Buffer.from([0xc1, 0xc2, 0x20])],
  ['quoted-printable', 'windows-1252', 'quoted-printable', Buffer.from([0x80, 0x20])],
  ['an unknown charset', 'x-unheard-of', '8bit', Buffer.from([0xff, 0xfe, 0x20])],
])('%s keeps its charset and its encoding', (_, charset, encoding, start) => {
  const link = Buffer.from('https://a.test/')
  const end = Buffer.concat([start, Buffer.from('end\r\n')])
  const mail = (middle: Buffer): Buffer => {
    const body = Buffer.concat([start, middle, Buffer.from(' '), end])
    if (encoding === 'base64')
      return mailOf(`text/plain; charset=${charset}`, `${body.toString('base64')}\r\n`, encoding)
    const written = encoding === '8bit' ? body : encodeQuotedPrintable(body)
    return mailOf(`text/plain; charset=${charset}`, written, encoding)
  }

  const { source, links } = track(mail(link), clicks)

  expect(source).toEqual(mail(Buffer.from('http://t/c/0')))
  expect(links).toHaveLength(1)
})

test('a charset whose bytes are not ASCII’s becomes UTF-8', () => {
  const shiftJis = Buffer.concat([Buffer.from([0x82, 0xa0]), Buffer.from(' https://a.test/\r\n')])

  const { source } = track(mailOf('text/plain; charset=shift_jis; format=flowed', shiftJis), clicks)

  expect(source.toString()).toBe(
    'Content-Type: text/plain; format=flowed; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nSubject: x\r\n\r\n=E3=81=82 http://t/c/0\r\n',
  )
})

test('a line that becomes too long for SMTP is encoded', () => {
  const line = `${'x'.repeat(980)} https://a.b/`

  const { source } = track(mailOf('text/plain', `${line}\r\n`, '7bit'), clicks)
  const wider = track(mailOf('text/plain', `${line} https://a.b/\r\n`, '7bit'), clicks)

  expect(source.toString()).toContain('Content-Transfer-Encoding: 7bit')
  expect(wider.source.toString()).toContain('Content-Transfer-Encoding: quoted-printable')
  expect(
    Math.max(
      ...wider.source
        .toString()
        .split('\r\n')
        .map(({ length }) => length),
    ),
  ).toBe(76)
})

test('a mail in which nothing is tracked keeps its bytes', () => {
  const mail = mailOf('text/html; charset=shift_jis', Buffer.from([0xff, 0x82]), 'base64')

  expect(track(mail, clicks).source).toEqual(mail)
})

test.each([
  '<a href="https://a.test/',
  '<a href="https://a.test/">',
  "<a href='x",
  '<a ',
  '<a href',
  '<a x="',
  '<!--',
  '<style>',
  '</style',
  '<',
  'https://',
  'https://a.test/ ',
  '<a disable-tracking=true href=https://a.test/>',
  '&#',
  '</body>',
  ' ',
  '=',
])('%j a hundred thousand times is read to its end', (piece) => {
  const hostile = piece.repeat(100_000)

  for (const type of ['text/html', 'text/plain']) {
    const { links, pixel: address } = track(mailOf(type, hostile), { ...opens, clicks: true })
    expect(links.length).toBeLessThanOrEqual(10_000)
    expect(address).toBe(type === 'text/html' ? 'http://t/o/' : undefined)
  }
})
