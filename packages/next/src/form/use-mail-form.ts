'use client'

import { useActionState, useId, useState } from 'react'
import {
  type ChoiceProps,
  choiceProps,
  errorId,
  type FieldProps,
  fieldProps,
  firstError,
  type ReadField,
} from './form-field.ts'
import { type SizeLimit, tooLargeState } from './form-size.ts'
import type { IdleState, MailFormState } from './state.ts'

/** Only there in a browser. */
declare const window: unknown

/** The state before anything is submitted. */
export const idle: IdleState = { status: 'idle' }

/** A mail form's state, and the props of its parts. */
export interface MailForm<State extends MailFormState> {
  readonly state: State
  /** For the form's `action`. */
  readonly formAction: (data: FormData) => void
  /** Whether the mail is on its way. Only with JavaScript. */
  readonly pending: boolean
  /** The props of a field, or of one choice among those of a name. */
  readonly field: ReadField<FieldOfState<State>>
  /** The first thing that is wrong with a field. */
  readonly errorOf: (name: FieldOfState<State>) => string | undefined
  /** The id for the element that shows the field's error. */
  readonly errorId: (name: FieldOfState<State>) => string
}

/** The names of the fields that a state knows. */
export type FieldOfState<State extends MailFormState> = keyof NonNullable<State['values']> & string

/** Ties a form to its mail action, with JavaScript and without. */
export function useMailForm<State extends MailFormState>(
  action: (previous: State, data: FormData) => Promise<State>,
  limit: SizeLimit = {},
): MailForm<State> {
  const formId = useId()
  // Every state of an action includes the idle one, and none is a promise.
  const [answered, submit, pending] = useActionState<State, FormData>(
    action as (previous: Awaited<State>, data: FormData) => Promise<State>,
    idle as Awaited<State>,
  )
  const [refused, setRefused] = useState<MailFormState>()
  const submitUnlessTooLarge = (data: FormData): void => {
    const state = tooLargeState(data, limit)
    setRefused(state)
    if (!state) submit(data)
  }
  const state: MailFormState = refused ?? answered
  const field = (name: string, which?: string | number): FieldProps | ChoiceProps =>
    typeof which === 'string'
      ? choiceProps(formId, state, name, which)
      : fieldProps(formId, state, name, which)
  return {
    // A refusal here is what the action's own would be.
    state: state as State,
    // React knows the server's action by the function that it made, and writes it into the page for browsers without
    // JavaScript.
    formAction: typeof window === 'undefined' ? submit : submitUnlessTooLarge,
    pending,
    field: field as ReadField<FieldOfState<State>>,
    errorOf: (name) => firstError(state, name),
    errorId: (name) => errorId(formId, name),
  }
}
