'use client'

export type { ChoiceProps, FieldProps, ReadField } from './form/form-field.ts'
export type { SizeLimit } from './form/form-size.ts'
export { Honeypot, type HoneypotProps } from './form/honeypot.tsx'
export type {
  FailedState,
  FailureReason,
  IdleState,
  InvalidState,
  MailFormState,
  MailState,
  SentState,
} from './form/state.ts'
export { type FieldOfState, idle, type MailForm, useMailForm } from './form/use-mail-form.ts'
