import { describe, expect, test } from 'vitest'
import { ConfigError, createMailer, type MailgunConfig } from '../../src/index.ts'

const canary = 'canary-30f2'
const auth = { user: 'postmaster@mg.example.com', pass: canary }

const breaks = ['\r\n', '\n', '\r', '\0', '\r\nMAIL FROM:<evil@z.test>\r\n']

/** Marks that a password may hold, but nothing that becomes part of a command. */
const marks = [
  ...breaks,
  '\r\n ',
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\f',
  '\u007f',
  '\ud800',
  ' ',
]

const settings: Readonly<Record<string, readonly [readonly string[], (text: string) => object]>> = {
  region: [marks, (text) => ({ auth, region: `us${text}` })],
  host: [marks, (host) => ({ auth, host: `relay.example${host}` })],
  'host, inside': [marks, (text) => ({ auth, host: `relay${text}.example` })],
  name: [marks, (text) => ({ auth, name: `mail${text}.example.com` })],
  'auth.user': [breaks, (text) => ({ auth: { ...auth, user: `post${text}@mg.example.com` } })],
  'auth.pass': [breaks, (text) => ({ auth: { ...auth, pass: `${canary}${text}` } })],
}

describe.each(Object.entries(settings))('%s', (_setting, [texts, configWith]) => {
  test.each(texts)('with %j is refused before anything is opened', (text) => {
    const refusal = refusalOf(() => createMailer(configWith(text) as MailgunConfig))

    expect(refusal).toBeInstanceOf(ConfigError)
    expect(refusal.message).not.toContain(canary)
    expect(refusal.message).toMatch(/^[\x20-\x7e]*$/)
  })
})

test.each(['%00', '%0d%0a', '%0D', '%0A'])('a login with %s in a URL is refused', (encoded) => {
  for (const url of [
    `smtp://login${encoded}:${canary}@relay.example`,
    `smtp://login:${canary}${encoded}@relay.example`,
    `smtp://login:${canary}@relay${encoded}.example`,
    `mailgun+smtp://p@mg.test:${canary}@us${encoded}`,
  ]) {
    const refusal = refusalOf(() => createMailer(url))

    expect(refusal).toBeInstanceOf(ConfigError)
    expect(refusal.message).not.toContain(canary)
  }
})

function refusalOf(create: () => unknown): Error {
  try {
    create()
  } catch (error) {
    return error as Error
  }
  return new Error('Nothing was refused.')
}
