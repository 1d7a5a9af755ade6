import type { Router } from 'express'
import type { ReactElement } from 'react'
import { Field, fieldOf, Form } from '../shop/field.tsx'
import { flows } from '../shop/flows.ts'
import type { FormState } from '../shop/form.ts'
import type { Places } from '../shop/places.ts'
import { flowRouter } from './flow-router.tsx'
import { newsletterRoute } from './newsletter-route.ts'

const people = `Ada Lovelace <ada@example.com>
Grace Hopper <grace@example.com>
"Turing, Alan" <alan@example.com>`

const text = `Dear %recipient.first%,

the autumn paper has come off the mould: a soft grey with threads of flax in it, two hundred sheets and no more.

We have put ten sheets aside for you until Friday. Write back if you would like them.

Your bench at Deckle`

/** The newsletter with its pages. */
export function newsletterPages(places: Places): Router {
  return flowRouter({
    path: '/newsletter',
    flow: flows.newsletter,
    places,
    blank: {
      people: places.inbox ? people : '',
      subject: 'Ten sheets for you, %recipient.first%',
      text,
    },
    Form: NewsletterForm,
    route: newsletterRoute,
  })
}

function NewsletterForm({ state }: { readonly state: FormState }): ReactElement {
  return (
    <Form action="/newsletter" state={state} submit="Send it tomorrow at nine">
      <Field
        label="People"
        hint="Name <address>, one on each line. They do not see each other."
        rows={4}
        spellCheck={false}
        {...fieldOf(state, 'people')}
      />
      <Field
        label="Subject"
        hint="%recipient.first% becomes the first name of each."
        {...fieldOf(state, 'subject')}
      />
      <Field label="Letter" rows={11} {...fieldOf(state, 'text')} />
    </Form>
  )
}
