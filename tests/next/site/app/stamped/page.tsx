import { FormStampField } from '@mailgun-smtp/next'
import type { ReactElement } from 'react'
import { stamp } from '../../lib/stamp'
import { Wait } from '../../lib/wait'
import { stamped } from '../forms/actions'
import { QuestionForm } from '../question-form'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Ask</h1>
      <QuestionForm action={stamped}>
        <Wait>
          <FormStampField stamp={stamp} />
        </Wait>
      </QuestionForm>
    </main>
  )
}
