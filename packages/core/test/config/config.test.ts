import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  createMailer,
  createMailgunTransport,
  type MailgunConfig,
} from '../../src/index.ts'
import { resolveConfig } from '../../src/config/config.ts'

const auth = { user: 'postmaster@mg.example.com', pass: 'canary-pass' }

describe('where it leads', () => {
  test.each<[string, Partial<MailgunConfig>, { host: string; port: number; secure: boolean }]>([
    ['nothing', {}, { host: 'smtp.mailgun.org', port: 587, secure: false }],
    ['the EU', { region: 'eu' }, { host: 'smtp.eu.mailgun.org', port: 587, secure: false }],
    ['port 25', { port: 25 }, { host: 'smtp.mailgun.org', port: 25, secure: false }],
    ['port 465', { port: 465 }, { host: 'smtp.mailgun.org', port: 465, secure: true }],
    ['port 2525', { port: 2525 }, { host: 'smtp.mailgun.org', port: 2525, secure: false }],
    ['secure', { secure: true }, { host: 'smtp.mailgun.org', port: 465, secure: true }],
    ['a relay', { host: 'Relay.example' }, { host: 'relay.example', port: 587, secure: false }],
    [
      'a port of its own',
      { host: '127.0.0.1', port: 1025, secure: false },
      { host: '127.0.0.1', port: 1025, secure: false },
    ],
  ])('%s', (_name, config, place) => {
    expect(resolveConfig({ auth, ...config })).toMatchObject(place)
  })

  test('TLS is demanded, and verified whatever the environment says', () => {
    expect(resolveConfig({ auth })).toMatchObject({
      requireTLS: true,
      ignoreTLS: false,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    })
    expect(resolveConfig({ auth, port: 465 })).toMatchObject({ secure: true })
  })

  test('plaintext and unverified certificates lead to this machine only', () => {
    const tls = { rejectUnauthorized: false }

    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
      expect(resolveConfig({ auth, host, requireTLS: false })).toMatchObject({ ignoreTLS: true })
      expect(resolveConfig({ auth, host, tls })).toMatchObject({ tls })
    }
    for (const host of ['relay.example', '10.0.0.1', '127.0.0.999', '127.0.0.1.example', '::2']) {
      expect(() => resolveConfig({ auth, host, requireTLS: false })).toThrow(
        'only for a loopback host',
      )
      expect(() => resolveConfig({ auth, host, tls })).toThrow('always verified')
    }
  })

  test('a relay may have a login that is not an address; Mailgun has none', () => {
    const short = { user: 'postmaster', pass: 'canary-pass' }

    expect(resolveConfig({ auth: short, host: 'relay.example' }).auth).toEqual(short)
    expect(() => resolveConfig({ auth: short })).toThrow('must be a whole address')
    expect(() => resolveConfig({ auth: short, host: 'smtp.eu.mailgun.org' })).toThrow(
      'must be a whole address',
    )
  })

  test('a setting of undefined is a setting left out', () => {
    const config: MailgunConfig = { auth, region: undefined, port: undefined, pool: undefined }

    expect(resolveConfig(config)).toEqual(resolveConfig({ auth }))
  })
})

describe('what cannot work is one sentence with the cure, before any connection', () => {
  test.each<[string, unknown, RegExp]>([
    ['null', null, /must be a plain object/],
    ['an instance', new URL('smtp://x'), /must be a plain object/],
    ['no login', { region: 'us' }, /auth must hold user and pass/],
    ['no password', { auth: { user: auth.user } }, /auth must hold user and pass/],
    ['an empty password', { auth: { ...auth, pass: '' } }, /auth must hold user and pass/],
    ['a password that is no text', { auth: { ...auth, pass: 7 } }, /auth must hold user and pass/],
    [
      'a line break in the password',
      { auth: { ...auth, pass: 'canary-pass\r\nX' } },
      /line breaks/,
    ],
    ['an unknown region', { auth, region: 'canary-pass' }, /region must be 'us' or 'eu'/],
    ['a region of Object', { auth, region: 'constructor' }, /region must be 'us' or 'eu'/],
    [
      'region and host',
      { auth, region: 'us', host: 'relay.example' },
      /Set host or region, not both/,
    ],
    ['a URL as host', { auth, host: 'smtp://relay.example' }, /without scheme or port/],
    ['a host with NUL', { auth, host: 'relay\0.example' }, /without scheme or port/],
    ['a host with a line break', { auth, host: 'relay.example\r\n' }, /without scheme or port/],
    ['an empty host', { auth, host: '' }, /without scheme or port/],
    ['secure against 587', { auth, port: 587, secure: true }, /use port 465/],
    ['not secure against 465', { auth, port: 465, secure: false }, /leave secure out/],
    ['a port of Mailgun it has not', { auth, port: 1025 }, /25, 465, 587 and 2525/],
    ['a port without secure', { auth, host: 'relay.example', port: 1025 }, /needs host and secure/],
    ['a port as a text', { auth, port: '587' }, /port must be a whole number/],
    ['port 0', { auth, port: 0 }, /port must be a whole number/],
    ['port 65536', { auth, host: 'relay.example', port: 65_536, secure: true }, /port must be/],
    ['no connection', { auth, pool: true, maxConnections: 0 }, /maxConnections must be a whole/],
    ['fewer', { auth, pool: true, maxConnections: -1 }, /maxConnections must be a whole/],
    ['half a message', { auth, pool: true, maxMessages: 0.5 }, /maxMessages must be a whole/],
    ['NaN', { auth, pool: true, maxConnections: Number.NaN }, /maxConnections must be a whole/],
    ['plaintext to Mailgun', { auth, requireTLS: false }, /only for a loopback host/],
    ['an unverified Mailgun', { auth, tls: { rejectUnauthorized: false } }, /always verified/],
    [
      'a check of its own',
      { auth, tls: { checkServerIdentity: () => undefined } },
      /always verified/,
    ],
    ['TLS 1.1', { auth, tls: { minVersion: 'TLSv1.1' } }, /TLSv1.2 or TLSv1.3/],
    ['a boolean as text', { auth, pool: 'yes' }, /pool must be a boolean/],
    ['a misspelt setting', { auth, regoin: 'eu' }, /regoin is not a setting/],
    ['a hostile setting', { auth, 'canary-pass\r\n': 1 }, /A key is not a setting/],
    ['null for an object', { auth, tls: null }, /tls must be an object/],
    ['a name with a line break', { auth, name: 'me\r\nMAIL FROM:<x@y>' }, /name must/],
  ])('%s', (_name, config, sentence) => {
    const refusal = capture(() => createMailer(config as MailgunConfig))

    expect(refusal).toBeInstanceOf(ConfigError)
    expect(refusal.code).toBe('ERR_MAILGUN_CONFIG')
    expect(refusal.message).toMatch(sentence)
    expect(refusal.message).not.toContain('canary-pass')
    expect(refusal.message).not.toMatch(/[\r\n]/)
    expect(capture(() => createMailgunTransport(config as MailgunConfig)).message).toBe(
      refusal.message,
    )
  })
})

test('what a config inherits is not in it', () => {
  const config = Object.create({ region: 'eu', auth }) as MailgunConfig

  expect(() => createMailer(config)).toThrow(ConfigError)
})

function capture(create: () => unknown): Error & { code?: string } {
  try {
    create()
  } catch (error) {
    return error as Error
  }
  return new Error('nothing was refused')
}
