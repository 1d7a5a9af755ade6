// What must compile, and what must not, in a strict app. Nothing here runs.
import { type ReactElement, useActionState } from 'react'
import { z } from 'zod'
import { idle, useMailForm } from '../src/form.tsx'
import {
  createMailAction,
  defineMailer,
  type MailgunMessage,
  type MailState,
  type StandardSchemaV1,
} from '../src/index.ts'

const mailer = defineMailer(() => ({
  auth: { user: process.env.MAILGUN_SMTP_LOGIN ?? '', pass: '' },
}))
const schema = z.object({ name: z.string(), email: z.email(), age: z.coerce.number<string>() })
const message: MailgunMessage = { to: 'owner@example.com', subject: 'Hi', text: 'Hi' }

// The message gets what the schema gives, not what the form sent.
const contact = createMailAction({
  mailer,
  schema,
  to: 'owner@example.com',
  fields: ['name', 'email'],
  options: (input, { visitor }) => ({ tags: ['contact'], variables: { visitor, age: input.age } }),
  message: (input) => ({
    subject: `From ${input.name}`,
    replyTo: { name: input.name, address: input.email },
    text: input.age.toFixed(),
  }),
  onSuccess: (receipt) => {
    receipt.messageId satisfies string
  },
})

export function Contact(): ReactElement {
  const { state, formAction, field, errorOf } = useMailForm(contact)
  // Every state has every key: no narrowing is needed to look.
  state.fieldErrors?.email?.[0] satisfies string | undefined
  state.values?.name satisfies string | undefined
  state.messageId satisfies string | undefined
  if (state.status === 'failed') state.reason satisfies 'rejected' | (string & {})
  if (state.status === 'invalid') state.formErrors satisfies readonly string[]
  errorOf('age')
  // @ts-expect-error The schema has no such field.
  field('phone')
  // @ts-expect-error Nor has the state.
  void state.values?.phone
  return (
    <form action={formAction}>
      <input {...field('email')} type="email" />
      <textarea {...field('name')} />
    </form>
  )
}

export function ByHand(): ReactElement {
  const [state, action] = useActionState(contact, idle)
  state satisfies MailState<typeof schema>
  // @ts-expect-error Not a state of this action.
  useActionState(contact, { status: 'ready' })
  return <form action={action} />
}

// Any Standard Schema will do; of a union, all fields are known.
declare const union: StandardSchemaV1<
  { kind: 'a'; one: string } | { kind: 'b'; other: string },
  string
>
const either = createMailAction({
  mailer,
  schema: union,
  message: (input) => ({ ...message, text: input.toUpperCase() }),
})
export function Either(): ReactElement {
  const { field } = useMailForm(either)
  return <input {...field('one')} key={field('other').id} />
}

// @ts-expect-error A mail needs a message.
createMailAction({ mailer, schema, to: 'owner@example.com' })
// @ts-expect-error A message with an option that Mailgun does not have.
createMailAction({ mailer, schema, message: () => ({ ...message, mailgun: { tag: 'a' } }) })
// @ts-expect-error The schema has no such field to give back.
createMailAction({ mailer, schema, message: () => message, fields: ['phone'] })
// @ts-expect-error Not a Standard Schema.
createMailAction({ mailer, schema: { parse: () => ({}) }, message: () => message })
// @ts-expect-error What is bound comes from the browser, so an action takes none.
contact.bind(null, 'sales') satisfies (data: FormData) => Promise<unknown>
// @ts-expect-error A config needs its credentials.
defineMailer({ region: 'eu' })
