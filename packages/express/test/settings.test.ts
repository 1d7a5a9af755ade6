import { expect, test } from 'vitest'
import { mailgun } from '../src/index.ts'

test.each([
  { settings: { maxPending: 0 }, says: 'maxPending must be a whole number from 1.' },
  { settings: { maxPending: 1.5 }, says: 'maxPending must be a whole number from 1.' },
  { settings: { onError: 'log' }, says: 'onError must be a function.' },
  { settings: { name: '' }, says: 'name must be a string that is not empty.' },
  { settings: { name: 7 }, says: 'name must be a string that is not empty.' },
  { settings: { defaults: null }, says: 'defaults must be options, or a function' },
  { settings: { defaults: 'tags' }, says: 'defaults must be options, or a function' },
  { settings: () => {}, says: 'The second argument of mailgun() is an object' },
  { settings: null, says: 'The second argument of mailgun() is an object' },
  {
    settings: { onerror: () => {} },
    says: 'The settings of mailgun() are defaults, name, onError, maxPending;',
  },
])('mailgun() refuses the settings $settings', ({ settings, says }) => {
  expect(() => mailgun(undefined, settings as never)).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      code: 'ERR_MAILGUN_CONFIG',
      message: expect.stringContaining(says) as string,
    }),
  )
})

test('mailgun() refuses defaults that no mail could carry', () => {
  expect(() => mailgun(undefined, { defaults: { tag: 'web' } as never })).toThrow(
    expect.objectContaining({ code: 'ERR_MAILGUN_UNKNOWN_OPTION', path: 'tag' }),
  )
})

test('mailgun() takes settings that are undefined', () => {
  const settings = { defaults: undefined, name: undefined, onError: undefined }

  expect(() => mailgun(undefined, { ...settings, maxPending: undefined })).not.toThrow()
})
