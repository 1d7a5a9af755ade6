import { ConfigError, DeliveryError, InvalidOptionError } from '@mailgun-smtp/core'
import { describe, expect, it } from 'vitest'
import { apologise } from '../src/shop/apology.ts'
import { UnusableForm } from '../src/shop/form.ts'

describe('an apology', () => {
  it('passes on what is wrong with a form', () => {
    expect(apologise(new UnusableForm({ name: 'Who?' }))).toEqual({
      status: 422,
      problems: { name: 'Who?' },
    })
  })

  it.each([
    ['to.address', 'email'],
    ['to.name', 'name'],
    ['to[2].address', 'people'],
  ])('puts what is wrong with %s to the field %s', (path, field) => {
    const { status, problems } = apologise(new InvalidOptionError(path, 'must be one address'))

    expect(status).toBe(422)
    expect(Object.keys(problems ?? {})).toEqual([field])
  })

  it.each([
    ['rejected', 422, 'Mailgun refused this mail.'],
    ['deferred', 503, 'This mail was not sent.'],
    ['unknown', 502, 'Nobody knows whether this mail was sent.'],
  ] as const)('tells an outcome of %s as it is, with the cure', (outcome, status, title) => {
    const error = new DeliveryError({
      code: 'ERR_MAILGUN_AUTH',
      outcome,
      fault: 'account',
      retryable: false,
      message: 'The login was refused.',
      cure: 'Reset the password.',
      attempts: 1,
    })

    expect(apologise(error)).toEqual({
      status,
      notice: {
        title,
        text: 'The login was refused. Reset the password.',
        code: 'ERR_MAILGUN_AUTH',
      },
    })
  })

  it('says what to configure', () => {
    expect(apologise(new ConfigError('Set MAILGUN_SMTP_URL.')).notice?.text).toBe(
      'Set MAILGUN_SMTP_URL.',
    )
  })

  it('shows nothing of a defect but that there is one', () => {
    const { defect, notice } = apologise(new Error('ada@example.com at line 3'))

    expect(defect).toBe(true)
    expect(JSON.stringify(notice)).not.toContain('ada')
  })

  it('takes a body that is too large for what it is', () => {
    expect(apologise(Object.assign(new Error('too large'), { status: 413 }))).toMatchObject({
      status: 413,
    })
  })
})
