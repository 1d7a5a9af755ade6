'use client'

import { Honeypot, useMailForm } from '@mailgun-smtp/next/form'
import type { ComponentProps, ReactElement } from 'react'
import { ConfirmationBox } from '../../../src/shop/confirmation.tsx'
import { exampleAddress, type Places } from '../../../src/shop/places.ts'
import { contact } from './actions.ts'
import { example } from './example.ts'

/** The contact form. Without JavaScript the browser posts it, and the server answers with the same page. */
export function ContactForm({ places }: { readonly places: Places }): ReactElement {
  const { state, formAction, pending, field, errorOf, errorId } = useMailForm(contact)

  if (state.status === 'sent') {
    const { messageId } = state
    return <ConfirmationBox confirmation={{ messageId }} places={places} again="/contact" />
  }
  // Once something was typed, it is what was typed: an emptied field stays empty.
  const filled = (name: Question) => ({
    ...field(name),
    defaultValue: (state.values ?? { ...example, email: exampleAddress(places) })[name],
  })
  const answer = (name: Question, label: string, input: Input): ReactElement => (
    <div className="field">
      <label htmlFor={field(name).id}>{label}</label>
      {input.rows ? (
        <textarea rows={input.rows} {...filled(name)} />
      ) : (
        <input type="text" {...input} {...filled(name)} />
      )}
      {errorOf(name) && (
        <p className="problem" id={errorId(name)}>
          {errorOf(name)}
        </p>
      )}
    </div>
  )
  return (
    <form action={formAction} noValidate>
      {state.formErrors?.map((error) => (
        <p key={error} className="notice" role="alert">
          {error}
        </p>
      ))}
      {state.status === 'invalid' && (
        <p className="notice" role="alert">
          Some of it needs another look.
        </p>
      )}
      {answer('name', 'Name', { autoComplete: 'name' })}
      {answer('email', 'Email', { type: 'email', autoComplete: 'email' })}
      {answer('subject', 'Subject', {})}
      {answer('question', 'Your question', { rows: 6 })}
      <Honeypot />
      <button type="submit" disabled={pending}>
        {pending ? 'Sending …' : 'Send the question'}
      </button>
    </form>
  )
}

type Question = 'email' | keyof typeof example

type Input = ComponentProps<'input'> & { readonly rows?: number }
