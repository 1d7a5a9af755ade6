// What must compile, and what must not, in a strict app. Nothing here runs.
import { type ReactElement, useActionState } from 'react'
import { z } from 'zod'
import { idle, useMailForm } from '../src/form.ts'
import {
  createFormStamp,
  createMailAction,
  defineMailer,
  FormStampField,
  type MailgunMessage,
  type MailState,
  memoryRateLimitStore,
  type RateLimitStore,
  registerMail,
  sendMail,
  sendMailAfter,
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
  options: (input, { ip }) => ({ tags: ['contact'], variables: { ip, age: input.age } }),
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
// @ts-expect-error What is bound comes from the browser: without a boundSchema an action takes none.
contact.bind(null, 'sales') satisfies (data: FormData) => Promise<unknown>

// With one, what is bound is checked by types too, and the message gets what the schema gives.
const towards = createMailAction({
  mailer,
  schema,
  boundSchema: z.tuple([z.enum(['sales', 'support']), z.coerce.number<string>()]),
  to: () => Promise.resolve(['owner@example.com']),
  options: (_input, _context, department) => ({ tags: [department] }),
  message: (_input, _context, department, order) => ({
    subject: department satisfies 'sales' | 'support',
    text: order.toFixed(),
  }),
  onSuccess: (_receipt, _input, _context, _department, order) => {
    order satisfies number
  },
})
export function Towards(): ReactElement {
  const { formAction } = useMailForm(towards.bind(null, 'sales', '7'))
  // @ts-expect-error No such department.
  towards.bind(null, 'president', '7')
  return <form action={formAction} />
}

// The form knows its file inputs, and the texts of the schema are not among them.
const upload = createMailAction({
  mailer,
  schema,
  attachments: { fields: ['files'], maxFiles: 3 },
  message: () => ({ ...message, react: <p>Hi</p> }),
  render: (body) => ({ html: typeof body, text: 'Hi' }),
  mode: 'after',
  messages: async (code, { headers }) => `${code satisfies string} ${headers.get('accept')}`,
})
export function Upload(): ReactElement {
  const { formAction, field, errorOf } = useMailForm(upload, { maxBytes: 5_000_000 })
  errorOf('files')
  // @ts-expect-error No such input.
  field('pictures')
  return <form action={formAction} />
}

// @ts-expect-error Where a mail goes is not found by what somebody typed.
createMailAction({ mailer, schema, message: () => message, to: (input: string) => input })
// @ts-expect-error Not a mode.
createMailAction({ mailer, schema, message: () => message, mode: 'later' })
// @ts-expect-error A text of no code.
createMailAction({ mailer, schema, message: () => message, messages: { sent: 'Thank you.' } })
// @ts-expect-error Not a list of names.
createMailAction({ mailer, schema, message: () => message, attachments: { fields: 'files' } })

const stamp = createFormStamp({ secret: () => process.env.FORM_SECRET })
createMailAction({ mailer, schema, message: () => message, stamp })
export function Stamped(): ReactElement {
  return (
    <form>
      <FormStampField stamp={stamp} />
    </form>
  )
}

// A store of one's own answers at once or later.
const store: RateLimitStore = {
  take: (key, limit, window) => Promise.resolve(key.length > limit ? window : undefined),
}
createMailAction({ mailer, schema, message: () => message, rateLimit: { store, limit: 3 } })
createMailAction({
  mailer,
  schema,
  message: () => message,
  rateLimit: { store: memoryRateLimitStore() },
})
// @ts-expect-error A store takes.
createMailAction({ mailer, schema, message: () => message, rateLimit: { store: {} } })

void sendMail({ ...message, react: <p>Hi</p> }, { idempotencyKey: 'a' })
void sendMailAfter(message, { mailer, onSuccess: ({ messageId }) => void messageId.length })
void registerMail(mailer)
defineMailer('mailgun+smtp://login:password@us:587', { timeout: 60_000, name: 'news' })
// @ts-expect-error A config needs its credentials.
defineMailer({ region: 'eu' })

// A field of a list has one value or several; the others have one.
const survey = createMailAction({
  mailer,
  schema: z.object({ size: z.enum(['s', 'm']), extras: z.array(z.string()).optional() }),
  lists: ['extras'],
  allowedOrigins: ['*.example.com'],
  message: ({ extras = [] }) => ({ ...message, text: extras.join() }),
})
export function Survey(): ReactElement {
  const { state, formAction, field } = useMailForm(survey)
  state.values?.size satisfies string | undefined
  state.values?.extras satisfies string | readonly string[] | undefined
  // @ts-expect-error It may be a list.
  state.values?.extras satisfies string | undefined
  return (
    <form action={formAction}>
      <input type="radio" defaultChecked {...field('size', 'm')} />
      <input type="checkbox" {...field('extras', 'ribbon')} />
      <input {...field('extras', 0)} />
      <select multiple {...field('extras')} />
    </form>
  )
}
// @ts-expect-error The schema has no such field.
createMailAction({ mailer, schema, message: () => message, lists: ['phone'] })
