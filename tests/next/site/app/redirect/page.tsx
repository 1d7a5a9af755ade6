import type { ReactElement } from 'react'
import { QuestionForm } from '../question-form'
import { ask } from './actions'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Ask</h1>
      <QuestionForm action={ask} />
    </main>
  )
}
