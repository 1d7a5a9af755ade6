import type { Mailer, MailgunMessage, MailgunOptions, Receipt } from '@mailgun-smtp/core'
import type { Messages } from './failure-messages.ts'
import type { FormLimits } from './form-input.ts'
import type { RateLimit } from './rate-limit.ts'
import type { MailContext } from './request.ts'
import type { FieldOf, InferOutput, StandardSchemaV1 } from './standard-schema.ts'
import type { InputRecipients } from './typed-addresses.ts'

/** Why a submission is taken for a robot's. */
export type SpamReason = 'honeypot' | 'origin' | 'rate-limit'

type Awaitable<Value> = Value | Promise<Value>

/** What a form's mail is made of, and what protects it. */
export interface MailActionSettings<Schema extends StandardSchemaV1> {
  readonly mailer: Mailer
  /** Checks the form: Zod, Valibot, ArkType, or any other Standard Schema. */
  readonly schema: Schema
  /** Who gets the mail. Not needed if every message says so itself. */
  readonly to?: MailgunMessage['to']
  /** The sender, an address of the sending domain. Default: that of the mailer's config. */
  readonly from?: MailgunMessage['from']
  /** Makes the mail of what the schema gave. The visitor's address belongs in `replyTo`. */
  readonly message: (input: InferOutput<Schema>, context: MailContext) => Awaitable<MailgunMessage>
  /** Mailgun's options for each mail of this form, under those of the message. */
  readonly options?:
    | MailgunOptions
    | ((input: InferOutput<Schema>, context: MailContext) => MailgunOptions)
    | undefined
  /** Whether the mail may go to addresses that the visitor typed, or to which. Default `false`: else the form is a relay for spam. */
  readonly allowInputRecipients?: InputRecipients | undefined
  /** The fields whose text is given back in `values`. Default: those that the schema tells. Never one named password, secret or token. */
  readonly fields?: readonly FieldOf<Schema>[] | undefined
  /** The name of the field that only robots fill, see `Honeypot`. Default `'website'`; `false` for none. */
  readonly honeypot?: string | false | undefined
  /** Whether a request must say that it comes from a page: by `Origin`, or `Sec-Fetch-Site: same-origin`. Default `true`. */
  readonly requireOrigin?: boolean | undefined
  /** `false` for none; a function answers whether the mail may go, for counts kept elsewhere. Default: 5 a visitor and 60 in all, in ten minutes. */
  readonly rateLimit?:
    | false
    | RateLimit
    | ((context: MailContext) => Awaitable<boolean>)
    | undefined
  readonly limits?: FormLimits | undefined
  /** After Mailgun took the mail. It may redirect. */
  readonly onSuccess?:
    | ((receipt: Receipt, input: InferOutput<Schema>, context: MailContext) => Awaitable<void>)
    | undefined
  /** Told of every failure but a visitor's mistake. Default: `console.error`. */
  readonly onError?: ((error: unknown, context: MailContext) => Awaitable<void>) | undefined
  /** Told of what was taken for a robot's. */
  readonly onSpam?: ((reason: SpamReason, context: MailContext) => Awaitable<void>) | undefined
  /** A path to go to when the mail is sent. */
  readonly redirectTo?: string | undefined
  /** Texts for the visitor, in place of the English ones. */
  readonly messages?: Messages | undefined
}
