'use client'

import { useMailForm } from '@mailgun-smtp/next/form'
import type { ReactElement } from 'react'
import { ask } from './actions'

export function UploadForm(): ReactElement {
  const { state, formAction, pending, field, errorOf, errorId } = useMailForm(ask)
  if (state.status === 'sent') return <p role="status">Sent.</p>
  return (
    <form action={formAction} noValidate>
      <p role="alert">{state.formErrors?.join(' ')}</p>
      <label htmlFor={field('email').id}>Email</label>
      <input {...field('email')} />
      <label htmlFor={field('text').id}>Text</label>
      <textarea {...field('text')} />
      <label htmlFor={field('files').id}>Files</label>
      <input {...field('files')} type="file" multiple />
      <em id={errorId('files')}>{errorOf('files')}</em>
      <button disabled={pending}>Send</button>
    </form>
  )
}
