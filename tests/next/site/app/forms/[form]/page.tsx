import { FormStampField } from '@mailgun-smtp/next'
import { notFound } from 'next/navigation'
import { type ReactElement, Suspense } from 'react'
import { stamp } from '../../../lib/stamp'
import { QuestionForm } from '../../question-form'
import { bound, flooded, later, leading, limited, pretty, stamped } from '../actions'
import { archive, copy, everywhere, impersonate, split } from '../careless'

const actions = {
  archive,
  bound: bound.bind(null, 'sales'),
  copy,
  everywhere,
  flooded,
  impersonate,
  later,
  leading,
  limited,
  pretty,
  split,
  stamped,
}

export function generateStaticParams(): { readonly form: string }[] {
  return Object.keys(actions).map((form) => ({ form }))
}

export default async function Page({
  params,
}: {
  readonly params: Promise<{ readonly form: string }>
}): Promise<ReactElement> {
  const { form } = await params
  if (!Object.hasOwn(actions, form)) notFound()
  return (
    <main>
      <h1>Ask</h1>
      <QuestionForm action={actions[form as keyof typeof actions]}>
        {form === 'stamped' && (
          <Suspense>
            <FormStampField stamp={stamp} />
          </Suspense>
        )}
      </QuestionForm>
    </main>
  )
}
