import { expect, test } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'

const login = { MAILGUN_SMTP_LOGIN: 'p@mg.test', MAILGUN_SMTP_PASSWORD: 'canary' }
const auth = { user: 'p@mg.test', pass: 'canary' }

test('the URL holds over all other variables', () => {
  const MAILGUN_SMTP_URL = 'mailgun+smtp://q@mg.test:other@eu'

  expect(readEnvironment({ ...login, MAILGUN_SMTP_REGION: 'us', MAILGUN_SMTP_URL })).toEqual({
    auth: { user: 'q@mg.test', pass: 'other' },
    region: 'eu',
  })
})

test.each([
  ['a login alone', {}, {}],
  ['a region', { MAILGUN_SMTP_REGION: ' EU ' }, { region: 'eu' }],
  [
    'what hosting add-ons set',
    { MAILGUN_SMTP_SERVER: 'smtp.mailgun.org', MAILGUN_SMTP_PORT: '587' },
    { host: 'smtp.mailgun.org', port: 587 },
  ],
  [
    'a server and its region',
    { MAILGUN_SMTP_SERVER: 'smtp.eu.mailgun.org', MAILGUN_SMTP_REGION: 'eu' },
    { host: 'smtp.eu.mailgun.org' },
  ],
  ['empty variables', { MAILGUN_SMTP_URL: '', MAILGUN_SMTP_SERVER: '', MAILGUN_SMTP_PORT: '' }, {}],
])('%s', (_name, variables, config) => {
  expect(readEnvironment({ ...login, ...variables })).toEqual({ auth, ...config })
})

test.each([
  ['nothing', {}, /set MAILGUN_SMTP_URL/],
  ['no password', { MAILGUN_SMTP_LOGIN: 'canary' }, /set MAILGUN_SMTP_URL/],
  ['another region', { ...login, MAILGUN_SMTP_REGION: 'canary' }, /MAILGUN_SMTP_REGION must be us/],
  [
    'a server of the other region',
    { ...login, MAILGUN_SMTP_SERVER: 'smtp.mailgun.org', MAILGUN_SMTP_REGION: 'eu' },
    /name different servers/,
  ],
  [
    'a port in words',
    { ...login, MAILGUN_SMTP_PORT: 'canary' },
    /MAILGUN_SMTP_PORT must be a number/,
  ],
  ['a URL that does not parse', { MAILGUN_SMTP_URL: 'canary' }, /does not parse/],
])('%s is one sentence that names the variable', (_name, variables, sentence) => {
  expect(() => readEnvironment(variables)).toThrow(sentence)
  expect(() => readEnvironment(variables)).not.toThrow(/canary/)
})
