import type { MailFormState } from './state.ts'

/** What an input needs to keep what was typed and to be tied to its error. */
export interface FieldProps {
  readonly name: string
  readonly id: string
  readonly defaultValue: string | undefined
  readonly 'aria-invalid': true | undefined
  readonly 'aria-describedby': string | undefined
}

/** The props of a field, by the state of its form. */
export function fieldProps(formId: string, state: MailFormState, name: string): FieldProps {
  const wrong = firstError(state, name) !== undefined
  return {
    name,
    id: `${formId}-${name}`,
    defaultValue: own(state.values, name),
    'aria-invalid': wrong || undefined,
    'aria-describedby': wrong ? errorId(formId, name) : undefined,
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

// A field may be named like something that every object has.
function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string) {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
}
