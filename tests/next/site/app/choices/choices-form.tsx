'use client'

import { useMailForm } from '@mailgun-smtp/next/form'
import type { ReactElement } from 'react'
import { choose } from './actions'

export function ChoicesForm(): ReactElement {
  const { state, formAction, field, errorOf, errorId } = useMailForm(choose)
  if (state.status === 'sent') return <p role="status">Sent.</p>
  return (
    <form action={formAction} noValidate>
      <fieldset>
        <legend>Paper</legend>
        {['laid', 'wove'].map((paper) => (
          <label key={paper}>
            <input type="radio" defaultChecked={paper === 'laid'} {...field('paper', paper)} />
            {paper}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Extras</legend>
        {['ribbon', 'a card', 'seal'].map((extra) => (
          <label key={extra}>
            <input type="checkbox" {...field('extras', extra)} />
            {extra}
          </label>
        ))}
      </fieldset>
      {[0, 1].map((at) => (
        <p key={at}>
          <label htmlFor={field('guests', at).id}>Guest {at + 1}</label>
          <input {...field('guests', at)} />
        </p>
      ))}
      <label htmlFor={field('delivery').id}>Delivery</label>
      <select multiple key={String(state.values?.delivery)} {...field('delivery')}>
        <option>Monday</option>
        <option>Tuesday</option>
        <option>Friday</option>
      </select>
      <label>
        <input type="checkbox" {...field('agreed', 'yes')} />
        I agree
      </label>
      <em id={errorId('agreed')}>{errorOf('agreed')}</em>
      <button>Send</button>
    </form>
  )
}
