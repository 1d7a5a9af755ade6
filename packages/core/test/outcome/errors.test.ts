import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  buildHeaders,
  createMailer,
  isMailer,
  type MailgunOptions,
} from '../../src/index.ts'
import { builtCopy } from '../fakes/built-copy.ts'

const refused = [
  {
    address: 'canary@example.net',
    outcome: 'rejected',
    retryable: false,
    reply: { code: 550, text: 'no' },
  },
] as const

function delivery(): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_RECIPIENT',
    outcome: 'rejected',
    fault: 'recipient',
    retryable: false,
    message: 'Every recipient was refused: 550 no.',
    cure: 'See refused.',
    attempts: 1,
    reply: { code: 550, text: 'no' },
    recipients: refused,
    messageId: '<1@example.com>',
  })
}

describe('instanceof', () => {
  test('tells the classes apart', () => {
    const error = new InvalidOptionError('tags[1]', 'must be ASCII')

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toBeInstanceOf(MailgunError)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(ConfigError)
    expect(delivery()).not.toBeInstanceOf(InvalidOptionError)
    expect(new Error('x')).not.toBeInstanceOf(MailgunError)
    for (const value of [null, undefined, 7, 'MailgunError', {}, { code: 'ERR_MAILGUN_CONFIG' }]) {
      expect(value instanceof MailgunError).toBe(false)
    }
  })

  test('holds across two copies of the package, both ways', async () => {
    const built = await builtCopy()

    expect(built.MailgunError).not.toBe(MailgunError)
    expect(delivery()).toBeInstanceOf(built.DeliveryError)
    expect(delivery()).toBeInstanceOf(built.MailgunError)
    expect(delivery()).not.toBeInstanceOf(built.ConfigError)
    expect(new built.ConfigError('x')).toBeInstanceOf(ConfigError)
    expect(new built.ConfigError('x')).not.toBeInstanceOf(DeliveryError)
  })

  test("an application's own heir is told apart from what it inherits", () => {
    class TooManyMails extends ConfigError {}

    expect(new TooManyMails('x')).toBeInstanceOf(TooManyMails)
    expect(new TooManyMails('x')).toBeInstanceOf(ConfigError)
    expect(new ConfigError('x')).not.toBeInstanceOf(TooManyMails)
  })

  test('a mailer is known across copies too', async () => {
    const built = await builtCopy()
    const url = 'smtp://p:secret@127.0.0.1:1025'.replace('smtp:', 'smtps:')

    expect(isMailer(built.createMailer(url))).toBe(true)
    expect(built.isMailer(createMailer(url).with({}))).toBe(true)
    expect(isMailer({ send: () => undefined })).toBe(false)
    expect(isMailer(null)).toBe(false)
  })
})

describe('what an error shows', () => {
  test('name, code, path and rule', () => {
    expect(new InvalidOptionError('tags[1]', 'must be ASCII')).toMatchObject({
      name: 'InvalidOptionError',
      code: 'ERR_MAILGUN_INVALID_OPTION',
      path: 'tags[1]',
      rule: 'must be ASCII',
      message: 'tags[1] must be ASCII',
    })
    expect(String(new ConfigError('No login.'))).toBe('ConfigError: No login.')
  })

  test('refused recipients are there to read, and in no log', () => {
    const error = delivery()

    expect(error.refused).toEqual(refused)
    expect(error.recipients).toEqual(refused)
    expect(Object.keys(error)).not.toContain('recipients')
    for (const shown of [inspect(error, { depth: 10 }), JSON.stringify(error), String(error)]) {
      expect(shown).not.toContain('canary')
    }
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ outcome: 'rejected', attempts: 1 })
  })

  test('the brand is not shown', () => {
    expect(inspect(new ConfigError('x'))).not.toContain('Symbol(')
  })
})

describe('an option that Mailgun does not have', () => {
  test.each([
    ['tag', 'tags'],
    ['Tags', 'tags'],
    ['testmode', 'dropMessage'],
    ['tracking', 'track'],
    ['o:tag', undefined],
    ['deliverytime', 'deliverBy'],
    ['requireTLS', 'requireTls'],
    ['nativeSend', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
  ])('%s is refused; did you mean %s?', (name, meant) => {
    const options = JSON.parse(`{"${name}":true}`) as MailgunOptions
    const refusal = capture(() => buildHeaders(options))

    expect(refusal.code).toBe('ERR_MAILGUN_UNKNOWN_OPTION')
    expect(refusal.message.match(/did you mean (\w+)\?/)?.[1]).toBe(meant)
  })

  test('a name that could be an attack is counted and not shown', () => {
    const options = { tags: ['a'], 'canary\r\nX-Evil: 1': true } as MailgunOptions

    expect(capture(() => buildHeaders(options)).path).toBe('mailgun[1]')
  })

  test.each([
    ['a list', ['tags']],
    ['a text', 'tags'],
    ['an instance', new (class Options {})()],
    ['a Map', new Map([['track', true]])],
    ['options that are inherited', Object.create({ track: true }) as unknown],
    ['null', null],
  ])('options that are %s are refused', (_name, options) => {
    expect(() => buildHeaders(options as MailgunOptions)).toThrow(
      'mailgun must be a plain object of options',
    )
  })

  test('options of another realm are options', () => {
    const options = runInNewContext('({ tags: ["a"], track: false })') as MailgunOptions

    expect(Object.keys(buildHeaders(options))).toEqual(['X-Mailgun-Tag', 'X-Mailgun-Track'])
  })
})

function capture(build: () => unknown): { code?: string; path?: string; message: string } {
  try {
    build()
  } catch (error) {
    return error as Error
  }
  return new Error('nothing was refused')
}
