import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigError, createMailer, createMailgunTransport } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'

const letter = { to: 'ada@example.com', subject: 'News', text: 'Hi' }
const defaults = { from: 'Shop <shop@mg.example.com>', mailgun: { tags: ['shop'] } }

describe('settings beside the place and the login', () => {
  let server: ScriptedServer
  let url: string

  beforeEach(async () => {
    server = await ScriptedServer.open({})
    url = `smtp://user:password@127.0.0.1:${server.port}?requireTLS=false`
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    await server[Symbol.asyncDispose]()
  })

  test.each<readonly [string, () => Parameters<typeof createMailer>]>([
    ['a URL and settings', () => [url, { defaults, pool: true }]],
    ['settings with a URL', () => [{ url, defaults, pool: true }]],
    ['the environment and settings', () => [undefined, { defaults, fallbackPorts: [] }]],
    ['settings alone, beside the environment', () => [{ defaults, maxConnections: 2 }]],
  ])('%s: the place and the login are the one, the rest is the other', async (_form, given) => {
    vi.stubEnv('MAILGUN_SMTP_URL', url)
    await using mailer = createMailer(...given())

    await mailer.send(letter)

    expect(server.bodies.join('\n')).toContain('X-Mailgun-Tag: shop')
    expect(server.bodies.join('\n')).toContain('From: Shop <shop@mg.example.com>')
  })

  test('a nodemailer transport takes settings beside the environment, too', () => {
    vi.stubEnv('MAILGUN_SMTP_URL', url)

    expect(createMailgunTransport({ defaults })._defaults).toMatchObject(defaults)
  })
})

test.each<readonly [string, object]>([
  ['region', { url: 'mailgun+smtp://user:password@us', region: 'eu' }],
  ['auth', { url: 'mailgun+smtp://user:password@us', auth: { user: 'u', pass: 'canary' } }],
  ['auth', { region: 'eu' }],
  ['auth', { host: 'smtp.example.com', defaults }],
])('%s that contradicts or is missing is refused when the mailer is made: %#', (name, config) => {
  expect(() => createMailer(config)).toThrow(ConfigError)
  expect(() => createMailer(config)).toThrow(name)
})

test('where the server is belongs to the first argument', () => {
  const settings = { host: '127.0.0.1' } as object

  expect(() => createMailer('mailgun+smtp://user:password@us', settings)).toThrow(
    'host belongs to the config',
  )
})

test.each<readonly [string, object]>([
  ['regoin is not a setting', { regoin: 'eu' }],
  ['pool must be a boolean', { pool: 'yes' }],
])('%s: said when the mailer is made, though the environment is read later', (words, config) => {
  expect(() => createMailer(config)).toThrow(words)
})
