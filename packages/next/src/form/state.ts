import type { FieldOf, ListFieldOf, StandardSchemaV1 } from './standard-schema.ts'

/** Nothing was submitted yet. */
export interface IdleState extends NoDetails {
  readonly status: 'idle'
}

/** Mailgun took the mail, or a trap caught a robot that must not notice. */
export interface SentState extends Omit<NoDetails, 'messageId'> {
  readonly status: 'sent'
  /** With its angle brackets. */
  readonly messageId?: string | undefined
}

/** The schema or a limit refused the input; nothing was sent. */
export interface InvalidState<Field extends string = string, ListField extends string = Field>
  extends Omit<NoDetails, 'fieldErrors' | 'formErrors' | 'values'>, Filled<Field, ListField> {
  readonly status: 'invalid'
  readonly fieldErrors: { readonly [Name in Field]?: readonly string[] }
}

/** The input was right and the mail is not known to be sent. */
export interface FailedState<Field extends string = string, ListField extends string = Field>
  extends
    Omit<NoDetails, 'reason' | 'retryAfter' | 'formErrors' | 'values'>,
    Filled<Field, ListField> {
  readonly status: 'failed'
  readonly reason: FailureReason
  /** Seconds after which it may be tried again, if that is known. */
  readonly retryAfter?: number | undefined
}

/**
 * Why the mail was not sent.
 *
 * - `bad-request`: not the form of this page, or from another site, or too large.
 * - `too-soon`: the form's stamp says that a person cannot fill it so fast.
 * - `rate-limited`: too many from this visitor, or from all.
 * - `rejected`: Mailgun refused it for good. `deferred`: it was surely not sent, and may be sent later.
 * - `unknown`: it may have been sent; sending again may give a second copy.
 * - `error`: this site is at fault, by its config, its message or its code; `onError` was told.
 */
export type FailureReason =
  | 'bad-request'
  | 'too-soon'
  | 'rate-limited'
  | 'rejected'
  | 'deferred'
  | 'unknown'
  | 'error'

/** What a mail action answers, by its schema and its file inputs: plain data, for `useActionState`. */
export type MailState<
  Schema extends StandardSchemaV1,
  FileField extends string = never,
> = MailFormState<FieldOf<Schema> | FileField, ListFieldOf<Schema>>

/** {@link MailState} by the names of the form's fields, and of those that may hold a list. */
export type MailFormState<Field extends string = string, ListField extends string = Field> =
  | IdleState
  | SentState
  | InvalidState<Field, ListField>
  | FailedState<Field, ListField>

interface Filled<Field extends string, ListField extends string> {
  /** What is wrong with the form as a whole. */
  readonly formErrors: readonly string[]
  /**
   * What was typed and chosen, to fill the form again: React resets it after an action. A field with several values, such
   * as a group of checkboxes, has a list of them.
   */
  readonly values: {
    readonly [Name in Field]?: Name extends ListField ? string | readonly string[] : string
  }
}

/** Every state has every key, so that `state.fieldErrors?.email` needs no narrowing. */
interface NoDetails {
  readonly messageId?: undefined
  readonly reason?: undefined
  readonly retryAfter?: undefined
  readonly fieldErrors?: undefined
  readonly formErrors?: undefined
  readonly values?: undefined
}
