import type { Router } from 'express'
import type { ReactElement } from 'react'
import { Field, fieldOf, Form } from '../shop/field.tsx'
import { flows } from '../shop/flows.ts'
import type { FormState } from '../shop/form.ts'
import { articles, money } from '../shop/goods.ts'
import { exampleAddress, type Places } from '../shop/places.ts'
import { flowRouter } from './flow-router.tsx'
import { orderRoute } from './order-route.ts'

/** The order with its pages. */
export function orderPages(places: Places): Router {
  return flowRouter({
    path: '/order',
    flow: flows.order,
    places,
    blank: {
      article: 'notebook',
      quantity: '1',
      name: 'Ada Lovelace',
      email: exampleAddress(places),
    },
    Form: OrderForm,
    route: orderRoute,
  })
}

function OrderForm({ state }: { readonly state: FormState }): ReactElement {
  return (
    <Form action="/order" state={state} submit="Place the order">
      <fieldset className="field shelf">
        <legend>From the shelf</legend>
        {articles.map(({ id, name, detail, price }) => (
          <label key={id}>
            <input
              type="radio"
              name="article"
              value={id}
              defaultChecked={state.values.article === id}
            />
            <span className="article">
              {name} <span className="hint">{detail}</span>
            </span>
            <span className="price">{money(price)}</span>
          </label>
        ))}
        {state.problems?.article && <p className="problem">{state.problems.article}</p>}
      </fieldset>
      <Field
        label="How many"
        type="number"
        min={1}
        max={12}
        className="short"
        {...fieldOf(state, 'quantity')}
      />
      <Field label="Name" autoComplete="name" {...fieldOf(state, 'name')} />
      <Field label="Email" type="email" autoComplete="email" {...fieldOf(state, 'email')} />
    </Form>
  )
}
