import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '@mailgun-smtp/core'
import { describe, expect, it } from 'vitest'
import { openEmulator, throughMailgun } from '../src/destination.ts'

describe('the emulator', () => {
  it('leaves its certificate authority where only this user can read it, and takes it away', async () => {
    const destination = await openEmulator({ inbox: 0, smtp: 0 })
    const file = destination.environment.NODE_EXTRA_CA_CERTS ?? ''
    const mode = statSync(dirname(file)).mode & 0o777
    const pem = readFileSync(file, 'utf8')

    await destination[Symbol.asyncDispose]()

    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect(mode.toString(8)).toBe(process.platform === 'win32' ? mode.toString(8) : '700')
    expect(existsSync(dirname(file))).toBe(false)
  })

  it('is a place with an inbox and a domain', async () => {
    await using destination = await openEmulator({ inbox: 0, smtp: 0 })

    expect(destination.inbox).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(destination.domain).toBe('mg.example.com')
    expect(destination.environment.MAILGUN_SMTP_URL).toContain(destination.smtp)
  })
})

describe('Mailgun', () => {
  it.each([
    [
      'mailgun+smtp://hello%40shop.example:pass@eu',
      { smtp: 'smtp.eu.mailgun.org:587', domain: 'shop.example' },
    ],
    [
      'smtps://hello%40shop.example:pass@smtp.mailgun.org:465',
      { smtp: 'smtp.mailgun.org:465', domain: 'shop.example' },
    ],
  ])('by %s has no inbox here', (url, place) => {
    const destination = throughMailgun(url)

    expect(destination).toMatchObject(place)
    expect(destination.inbox).toBeUndefined()
    expect(destination.environment).toEqual({ MAILGUN_SMTP_URL: url })
  })

  it('is refused by a URL that leads nowhere, without a word of it', () => {
    const open = () => throughMailgun('mailgun+smtp://hello:s3cret@mars')

    expect(open).toThrow(ConfigError)
    expect(open).not.toThrow('s3cret')
  })
})
