'use client'

import type { ReactElement } from 'react'
import { bound } from '../forms/actions'
import { QuestionForm } from '../question-form'

/** Binds the action while it renders, so that each render has another function. */
export default function Page(): ReactElement {
  return (
    <main>
      <h1>Ask</h1>
      <QuestionForm action={bound.bind(null, 'support')} />
    </main>
  )
}
