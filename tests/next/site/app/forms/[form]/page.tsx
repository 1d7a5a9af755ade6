import { notFound } from 'next/navigation'
import type { ReactElement } from 'react'
import { QuestionForm } from '../../question-form'
import { bound, flooded, later, leading, limited, pretty } from '../actions'
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
      <QuestionForm action={actions[form as keyof typeof actions]} />
    </main>
  )
}
