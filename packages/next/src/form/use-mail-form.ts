'use client'

import { use, useActionState, useId, useState } from 'react'
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
  action: Action<State>,
  limit: SizeLimit = {},
): MailForm<State> {
  const formId = useId()
  const [answered, submit, pending] = useAnswers(action)
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

type Action<State> = (previous: State, data: FormData) => Promise<State>

/** What `useActionState` of React gives: also for an action that a client component binds while it renders. */
function useAnswers<State extends MailFormState>(action: Action<State>): ActionState<State> {
  const isServer = typeof window === 'undefined'
  // A function that `bind` made has this name, unless a server component made it: that one stays the same.
  if (!isServer || !action.name.startsWith('bound ')) return useAnswersOf(action)
  // React waits for what is bound by suspending, and then renders the component again. A component that binds while it
  // renders has another function each time, so React would wait without end: `use` keeps the first one.
  const first = use(Promise.resolve(action))
  try {
    return useAnswersOf(first)
  } catch (thrown) {
    // React has suspended. Through `use`, it also keeps what the call above gave.
    if (thrown instanceof Promise) use(thrown)
    throw thrown
  }
}

type ActionState<State> = [state: State, submit: (data: FormData) => void, isPending: boolean]

function useAnswersOf<State extends MailFormState>(action: Action<State>): ActionState<State> {
  // Every state of an action includes the idle one, and none is a promise.
  return useActionState<State, FormData>(
    action as (previous: Awaited<State>, data: FormData) => Promise<State>,
    idle as Awaited<State>,
  )
}
