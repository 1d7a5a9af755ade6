import type { Mailer, MailgunMessage, MailgunOptions, Receipt } from '@mailgun-smtp/core'
import type { AttachmentSettings } from './attachments.ts'
import type { BoundSchema, NoBound } from './bound-arguments.ts'
import type { Messages } from './failure-messages.ts'
import type { FormLimits } from './form-input.ts'
import type { FormStamp } from '../protection/form-stamp.ts'
import type { RateLimit } from '../protection/rate-limit.ts'
import type { MailMessage, RenderReact } from '../mailer/react-body.ts'
import type { MailContext } from '../request/mail-context.ts'
import type { FieldOf, InferOutput, StandardSchemaV1 } from '../form/standard-schema.ts'
import type { InputRecipients } from '../protection/typed-addresses.ts'

/**
 * Why a submission is taken for a robot's or a forgery.
 *
 * - `honeypot`: it filled the field that people do not see.
 * - `origin`: no page of this site sent it.
 * - `rate-limit`: one mail too many.
 * - `bound`: the bound arguments are not those of `boundSchema`.
 * - `stamp`: the form's stamp is missing, forged, too old or too young.
 */
export type SpamReason = 'honeypot' | 'origin' | 'rate-limit' | 'bound' | 'stamp'

/** A value, or a promise of it. */
export type Awaitable<Value> = Value | Promise<Value>

/** Addresses, or what finds them. It gets no input, so nothing that a visitor typed can become one. */
export type OwnAddresses<Addresses> = Addresses | (() => Awaitable<Addresses>)

/** What a form's mail is made of, and what protects it. */
export interface MailActionSettings<
  Schema extends StandardSchemaV1,
  Bound extends BoundSchema = NoBound,
  FileField extends string = string,
> {
  readonly mailer: Mailer
  /** Checks the form: Zod, Valibot, ArkType, or any other Standard Schema. */
  readonly schema: Schema
  /** Checks the arguments that `action.bind(null, …)` put before the form, as a tuple. They come back from the browser and can be changed there. Default: there are none. */
  readonly boundSchema?: Bound | undefined
  /** Who gets the mail, also if a visitor typed the same address. Not needed if every message says so itself. */
  readonly to?: OwnAddresses<MailgunMessage['to']>
  /** The sender, an address of the sending domain. Default: that of the mailer's config. */
  readonly from?: OwnAddresses<MailgunMessage['from']>
  /** Makes the mail of what the schema gave. The visitor's address belongs in `replyTo`. */
  readonly message: (
    input: InferOutput<Schema>,
    context: MailContext,
    ...bound: InferOutput<Bound>
  ) => Awaitable<MailMessage>
  /** Makes HTML of `message.react`. Default: `@react-email/render`, which must then be installed. */
  readonly render?: RenderReact | undefined
  /** Mailgun's options for each mail of this form, under those of the message. */
  readonly options?:
    | MailgunOptions
    | ((
        input: InferOutput<Schema>,
        context: MailContext,
        ...bound: InferOutput<Bound>
      ) => Awaitable<MailgunOptions>)
    | undefined
  /** Which files go with the mail, and their limits. Default: none do. */
  readonly attachments?: AttachmentSettings<FileField> | undefined
  /**
   * `'after'` answers "sent" at once and hands the mail over when the response is gone; what fails then is told to
   * `onError` only. Default `'await'`.
   */
  readonly mode?: 'await' | 'after' | undefined
  /** Whether the mail may go to addresses that the visitor typed, or to which. Default `false`: else the form is a relay for spam. */
  readonly allowInputRecipients?: InputRecipients | undefined
  /** The fields whose text is given back in `values`. Default: those that the schema tells. Never one named password, secret or token. */
  readonly fields?: readonly FieldOf<Schema>[] | undefined
  /** The name of the field that only robots fill, see `Honeypot`. Default `'website'`; `false` for none. */
  readonly honeypot?: string | false | undefined
  /** Demands a signed time from the form, see `createFormStamp`. Default: none. */
  readonly stamp?: FormStamp | undefined
  /** Whether a request must say that it comes from a page: by `Origin`, or `Sec-Fetch-Site: same-origin`. Default `true`. */
  readonly requireOrigin?: boolean | undefined
  /** `false` for none; a function answers whether the mail may go. Default: 5 a visitor and 60 in all, in ten minutes. */
  readonly rateLimit?:
    | false
    | RateLimit
    | ((context: MailContext) => Awaitable<boolean>)
    | undefined
  readonly limits?: FormLimits | undefined
  /** After Mailgun took the mail. It may redirect, but not in `mode: 'after'`. */
  readonly onSuccess?:
    | ((
        receipt: Receipt,
        input: InferOutput<Schema>,
        context: MailContext,
        ...bound: InferOutput<Bound>
      ) => Awaitable<void>)
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
