import { renderToStaticMarkup } from 'react-dom/server'
import type { ReactElement } from 'react'
import { describe, expect, test } from 'vitest'
import { choiceProps, fieldProps, firstError } from '../../src/form/form-field.ts'
import { Honeypot, idle, useMailForm } from '../../src/form.ts'
import type { MailFormState } from '../../src/form/state.ts'

const invalid: MailFormState = {
  status: 'invalid',
  fieldErrors: { email: ['Not an address.', 'Too short.'] },
  formErrors: [],
  values: { email: 'ada', name: 'Ada' },
}

function Contact(): ReactElement {
  const action = (previous: MailFormState) => Promise.resolve(previous)
  const { state, formAction, pending, field, errorOf, errorId } = useMailForm(action)
  return (
    <form action={formAction}>
      <input {...field('email')} />
      <p id={errorId('email')}>{errorOf('email')}</p>
      <output>{`${state.status} ${pending}`}</output>
      <Honeypot />
    </form>
  )
}

test('useMailForm begins idle, with empty fields', () => {
  const html = renderToStaticMarkup(<Contact />)

  expect(html).toContain('<output>idle false</output>')
  expect(html).toMatch(/<input id="([^"]+)-email" name="email"\/><p id="\1-email-error"><\/p>/)
  expect(idle).toEqual({ status: 'idle' })
})

describe('a field', () => {
  test('keeps what was typed, and points to its error', () => {
    expect(fieldProps('f', invalid, 'email')).toEqual({
      name: 'email',
      id: 'f-email',
      defaultValue: 'ada',
      'aria-invalid': true,
      'aria-describedby': 'f-email-error',
    })
    expect(firstError(invalid, 'email')).toBe('Not an address.')
  })

  test.each(['name', 'missing', 'constructor'])('has no error if there is none: %s', (name) => {
    expect(fieldProps('f', invalid, name)).toEqual({
      name,
      id: `f-${name}`,
      defaultValue: name === 'name' ? 'Ada' : undefined,
      'aria-invalid': undefined,
      'aria-describedby': undefined,
    })
  })
})

describe('a choice', () => {
  const answered: MailFormState = {
    ...invalid,
    fieldErrors: { size: ['Choose one.'] },
    values: { size: 'm', extras: ['ribbon', 'a card'] },
  }
  const checked = (name: string, value: string) =>
    choiceProps('f', answered, name, value).defaultChecked

  test('stays checked after an answer, and unchecked where it was not chosen', () => {
    expect([checked('size', 's'), checked('size', 'm')]).toEqual([false, true])
    expect(['ribbon', 'a card', 'box'].map((value) => checked('extras', value))).toEqual([
      true,
      true,
      false,
    ])
    expect(checked('missing', 'm')).toBe(false)
  })

  test('has its own id, and the error of its group', () => {
    expect(choiceProps('f', answered, 'size', 'm')).toMatchObject({
      name: 'size',
      value: 'm',
      id: 'f-size=m',
      'aria-invalid': true,
      'aria-describedby': 'f-size-error',
    })
    expect(choiceProps('f', answered, 'extras', 'a card').id).toBe('f-extras=a%20card')
  })

  test('leaves a choice of the app alone until there is an answer', () => {
    expect(choiceProps('f', idle, 'size', 'm')).not.toHaveProperty('defaultChecked')
    expect(fieldProps('f', idle, 'size')).not.toHaveProperty('defaultValue')
  })
})

test('one of several inputs with the same name keeps its own value and has its own id', () => {
  const answered: MailFormState = { ...invalid, values: { guest: ['Ada', 'Bob'], host: 'Cleo' } }

  expect([0, 1, 2].map((at) => fieldProps('f', answered, 'guest', at).defaultValue)).toEqual([
    'Ada',
    'Bob',
    undefined,
  ])
  expect(fieldProps('f', answered, 'host', 0)).toMatchObject({
    id: 'f-host=0',
    defaultValue: 'Cleo',
  })
  expect(fieldProps('f', answered, 'guest').defaultValue).toEqual(['Ada', 'Bob'])
})

test('Honeypot is out of sight, out of the tab order and out of the accessibility tree', () => {
  const html = renderToStaticMarkup(<Honeypot name="company" label="Nothing here" />)

  expect(html).toMatch(/^<div aria-hidden="true" style="position:absolute;left:-10000px/)
  expect(html).toContain('Nothing here')
  expect(html).toContain('<input type="text" tabindex="-1" autoComplete="off" name="company"/>')
})

test('Honeypot takes a class instead, where a policy forbids style attributes', () => {
  const html = renderToStaticMarkup(<Honeypot className="out-of-sight" />)

  expect(html).toMatch(/^<div aria-hidden="true" class="out-of-sight">/)
  expect(html).not.toContain('style=')
})
