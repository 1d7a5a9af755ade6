import { describe, expect, test } from 'vitest'
import { resolveConfig } from '../../src/config/config.ts'
import { parseConfigUrl } from '../../src/config/config-url.ts'
import { createMailer } from '../../src/index.ts'

describe('a URL says what a config says', () => {
  test.each([
    [
      'mailgun+smtp://p%40mg.test:secret@us',
      { region: 'us', auth: { user: 'p@mg.test', pass: 'secret' } },
    ],
    ['mailgun+smtp://p@mg.test:secret@EU:2525', { region: 'eu', port: 2525 }],
    ['MAILGUN+SMTP://p@mg.test:secret@Us/', { region: 'us' }],
    ['mailgun+smtp://p@mg.test:secret@us:587?pool=true', { region: 'us', port: 587, pool: true }],
    ['smtp://p:secret@relay.example', { host: 'relay.example', secure: false }],
    ['smtps://p:secret@relay.example:465', { host: 'relay.example', secure: true, port: 465 }],
    ['smtp://p:secret@127.0.0.1:1025?requireTLS=false', { port: 1025, requireTLS: false }],
    ['smtps://p:secret@[::1]:1465', { host: '::1', port: 1465, secure: true }],
    ['  smtp://p:secret@relay.example\n', { host: 'relay.example' }],
    [
      'smtp://p:a%3Ab%40c%2Fd%23e%3Ff%25g@relay.example',
      { auth: { user: 'p', pass: 'a:b@c/d#e?f%g' } },
    ],
    ['smtp://p:%C3%A9%20x@relay.example', { auth: { user: 'p', pass: 'é x' } }],
  ])('%s', (url, config) => {
    expect(parseConfigUrl(url)).toMatchObject(config)
    resolveConfig({ ...parseConfigUrl(url), auth: { user: 'p@mg.test', pass: 'x' } })
  })

  test.each([
    'smtps://p:secret@relay.example',
    'smtp://p:secret@relay.example',
    'mailgun+smtp://p@mg.test:secret@us',
  ])('without a port it leads to the usual one: %s', (url) => {
    expect(resolveConfig(parseConfigUrl(url)).port).toBe(url.startsWith('smtps') ? 465 : 587)
  })
})

describe('what does not parse is one sentence with the cure, and shows nothing of the URL', () => {
  test.each([
    ['nothing', '', /does not parse/],
    ['no URL', 'canary', /does not parse/],
    ['another scheme', 'https://canary:canary@us', /must begin with mailgun\+smtp, smtp or smtps/],
    ['no login', 'mailgun+smtp://us', /must read mailgun\+smtp/],
    ['no password', 'mailgun+smtp://canary@us', /must read mailgun\+smtp/],
    ['a # in the password', 'mailgun+smtp://p:ca#canary@us:587', /percent-encode/],
    ['a / in the password', 'mailgun+smtp://p:ca/canary@us:587', /percent-encode/],
    ['a ? in the password', 'mailgun+smtp://p:ca?canary@us:587', /percent-encode/],
    ['digits before the /', 'mailgun+smtp://p:12/canary@us:587', /percent-encode/],
    ['digits before the #', 'mailgun+smtp://p:12#canary@us:587', /percent-encode/],
    ['a % in the password', 'mailgun+smtp://p:100%canary@us', /must be written as %25/],
    ['another region', 'mailgun+smtp://p:canary@asia', /is us or eu/],
    ['a host as region', 'mailgun+smtp://p:canary@smtp.mailgun.org', /is us or eu/],
    ['a path', 'smtp://p:canary@relay.example/canary', /must read/],
    ['an unknown setting', 'smtp://p:canary@relay.example?canary=true', /may hold pool=true/],
    ['TLS off', 'smtp://p:canary@h.example?tls.rejectUnauthorized=false', /may hold pool=true/],
    ['a setting that is no boolean', 'smtp://p:canary@h.example?pool=canary', /may hold pool=true/],
    ['a port too high', 'smtp://p:canary@relay.example:99999', /does not parse/],
  ])('%s', (_name, url, sentence) => {
    expect(() => createMailer(url)).toThrow(sentence)
    expect(messageOf(() => createMailer(url))).not.toContain('canary')
  })

  test.each([
    ['smtps://p:canary@relay.example:587', /write smtp\)/],
    ['smtp://p:canary@relay.example:465', /write smtps\)/],
    ['smtp://p:canary@relay.example?requireTLS=false', /only for a loopback host/],
    ['mailgun+smtp://p@mg.test:canary@us:1025', /25, 465, 587 and 2525/],
  ])('a URL that parses and cannot work: %s', (url, sentence) => {
    expect(messageOf(() => createMailer(url))).toMatch(sentence)
    expect(messageOf(() => createMailer(url))).not.toContain('canary')
  })
})

function messageOf(create: () => unknown): string {
  try {
    create()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was refused'
}
