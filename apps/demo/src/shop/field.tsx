import type { ComponentProps, ReactElement, ReactNode } from 'react'
import type { FormState, Notice } from './form.ts'

interface FieldProps extends Omit<ComponentProps<'input'>, 'name' | 'form'> {
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly problem?: string | undefined
  /** Lines of a text area; without it, the field is one line. */
  readonly rows?: number | undefined
}

/** A labelled field, its hint and what is wrong with it. */
export function Field({ name, label, hint, problem, rows, ...input }: FieldProps): ReactElement {
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  const control = {
    id: name,
    name,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': described || undefined,
  }
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {rows ? (
        <textarea rows={rows} {...(input as ComponentProps<'textarea'>)} {...control} />
      ) : (
        <input type="text" {...input} {...control} />
      )}
      {problem && (
        <p className="problem" id={`${name}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}

/** A field's name, and what the state of its form says about it. */
export function fieldOf(
  { values, problems }: FormState,
  name: string,
): {
  readonly name: string
  readonly defaultValue: string
  readonly problem: string | undefined
} {
  return { name, defaultValue: values[name] ?? '', problem: problems?.[name] }
}

/** A failure, at the head of the form. */
export function NoticeBox({ title, text, code }: Notice): ReactElement {
  return (
    <div className="notice" role="alert">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{text}</p>
      {code && <p className="fine">{code}</p>}
    </div>
  )
}

interface FormProps {
  readonly action: string
  readonly state: FormState
  /** The words on the button. */
  readonly submit: string
  readonly children: ReactNode
}

/** A form that the server judges, so that it is told in one voice what is wrong. */
export function Form({ action, state, submit, children }: FormProps): ReactElement {
  const wrong = Object.keys(state.problems ?? {}).length
  return (
    <form method="post" action={action} noValidate>
      {state.notice && <NoticeBox {...state.notice} />}
      {wrong > 0 && (
        <p className="notice" role="alert">
          {wrong === 1 ? 'One field needs another look.' : `${wrong} fields need another look.`}
        </p>
      )}
      {children}
      <button type="submit">{submit}</button>
    </form>
  )
}
