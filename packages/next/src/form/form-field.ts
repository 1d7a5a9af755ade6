import type { MailFormState } from './state.ts'

/** What an input, a textarea or a select needs to keep what was typed and to be tied to its error. */
export interface FieldProps {
  readonly name: string
  readonly id: string
  /** What was typed; a list for a select with `multiple`. Absent before the first answer, so that one of your own holds. */
  readonly defaultValue?: string | readonly string[]
  readonly 'aria-invalid': true | undefined
  readonly 'aria-describedby': string | undefined
}

/** What a radio button or a checkbox needs to stay checked. */
export interface ChoiceProps extends Omit<FieldProps, 'defaultValue'> {
  readonly value: string
  /** Absent before the first answer, so that one of your own holds. */
  readonly defaultChecked?: boolean
}

/** Gives the props of a field by its name. */
export interface ReadField<Name extends string> {
  /**
   * The props of an input, textarea or select; its label takes the `id` as `htmlFor`.
   * A select also needs `key={String(state.values?.name)}`, as React does not reset it to a new `defaultValue`.
   */
  (name: Name): FieldProps
  /** The props of one radio button or checkbox among those of a name. Each has an `id` of its own. */
  (name: Name, value: string): ChoiceProps
  /** The props of one of several inputs with the same name, counted from 0 in the order of the page. Each has an `id` of its own. */
  (name: Name, index: number): FieldProps
}

/** The props of a field, by the state of its form; with an index, those of one of several inputs of that name. */
export function fieldProps(
  formId: string,
  state: MailFormState,
  name: string,
  index?: number,
): FieldProps {
  const kept = own(state.values, name)
  const value = index === undefined ? kept : keptList(kept)[index]
  return {
    ...tiedToError(formId, state, name),
    id: index === undefined ? `${formId}-${name}` : `${formId}-${name}=${index}`,
    ...(value !== undefined && { defaultValue: value }),
  }
}

/** The props of a radio button or a checkbox, by the state of its form. */
export function choiceProps(
  formId: string,
  state: MailFormState,
  name: string,
  value: string,
): ChoiceProps {
  return {
    ...tiedToError(formId, state, name),
    // An id may hold no space.
    id: `${formId}-${name}=${encodeURIComponent(value)}`,
    value,
    // Of a form that was answered, a choice that is not among the values was not made.
    ...(state.values && { defaultChecked: keptList(own(state.values, name)).includes(value) }),
  }
}

/** The first thing that is wrong with a field. */
export function firstError(state: MailFormState, name: string): string | undefined {
  return own(state.fieldErrors, name)?.[0]
}

/** The id for the element that shows a field's error. */
export function errorId(formId: string, name: string): string {
  return `${formId}-${name}-error`
}

function tiedToError(
  formId: string,
  state: MailFormState,
  name: string,
): Pick<FieldProps, 'name' | 'aria-invalid' | 'aria-describedby'> {
  const wrong = firstError(state, name) !== undefined
  return {
    name,
    'aria-invalid': wrong || undefined,
    'aria-describedby': wrong ? errorId(formId, name) : undefined,
  }
}

function keptList(kept: string | readonly string[] | undefined): readonly string[] {
  return kept === undefined ? [] : [kept].flat()
}

// A field may be named like something that every object has.
function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string) {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
}
