import { Injectable } from '@nestjs/common'
import type { ReactElement } from 'react'
import { ConfirmationBox } from '../shop/confirmation.tsx'
import { renderPage } from '../shop/render-page.ts'
import { Field, fieldOf, Form } from '../shop/field.tsx'
import { FlowPage } from '../shop/flow-page.tsx'
import { flows } from '../shop/flows.ts'
import type { FormState } from '../shop/form.ts'
import { readListings } from '../shop/listing.tsx'
import { exampleAddress, readPlaces, type Places } from '../shop/places.ts'
import type { Confirmation } from '../shop/sent-mail.ts'
import { papers } from './account.ts'

/** The sign-up page in its three states. */
@Injectable()
export class SignUpPages {
  readonly #places: Places = readPlaces()

  blank(): Promise<string> {
    return this.form({
      values: { name: 'Ada Lovelace', email: exampleAddress(this.#places), paper: 'dotted' },
    })
  }

  form(state: FormState): Promise<string> {
    return this.#page(<SignUpForm state={state} />)
  }

  confirmed(confirmation: Confirmation): Promise<string> {
    return this.#page(
      <ConfirmationBox confirmation={confirmation} places={this.#places} again="/sign-up" />,
    )
  }

  async #page(content: ReactElement): Promise<string> {
    const listings = await readListings(flows.signUp.files)
    return renderPage(
      <FlowPage flow={flows.signUp} places={this.#places} listings={listings}>
        {content}
      </FlowPage>,
    )
  }
}

function SignUpForm({ state }: { readonly state: FormState }): ReactElement {
  return (
    <Form action="/sign-up" state={state} submit="Open the account">
      <Field label="Name" autoComplete="name" {...fieldOf(state, 'name')} />
      <Field label="Email" type="email" autoComplete="email" {...fieldOf(state, 'email')} />
      <fieldset className="field choice">
        <legend>Paper you like</legend>
        {Object.entries(papers).map(([paper, label]) => (
          <label key={paper}>
            <input
              type="radio"
              name="paper"
              value={paper}
              defaultChecked={state.values.paper === paper}
            />
            {label}
          </label>
        ))}
        {state.problems?.paper && <p className="problem">{state.problems.paper}</p>}
      </fieldset>
    </Form>
  )
}
