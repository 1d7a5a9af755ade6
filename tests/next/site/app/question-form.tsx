'use client'

import { Honeypot, type MailState, useMailForm } from '@mailgun-smtp/next/form'
import type { ReactElement, ReactNode } from 'react'
import type { questionSchema } from '../lib/question'

type State = MailState<typeof questionSchema>

/** A form for whichever action its page gives it. */
export function QuestionForm({
  action,
  children,
}: {
  readonly action: (previous: State, data: FormData) => Promise<State>
  readonly children?: ReactNode
}): ReactElement {
  const { state, formAction, pending, field, errorOf, errorId } = useMailForm(action)
  if (state.status === 'sent') return <p role="status">Sent.</p>
  return (
    <form action={formAction} noValidate>
      <p role="alert">{state.formErrors?.join(' ')}</p>
      <label htmlFor={field('email').id}>Email</label>
      <input {...field('email')} />
      <em id={errorId('email')}>{errorOf('email')}</em>
      <label htmlFor={field('text').id}>Text</label>
      <textarea {...field('text')} />
      <em id={errorId('text')}>{errorOf('text')}</em>
      <Honeypot />
      {children}
      <button disabled={pending}>Send</button>
    </form>
  )
}
