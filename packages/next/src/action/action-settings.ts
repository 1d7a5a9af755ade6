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
  /** Sends the mail: `defineMailer()`. */
  readonly mailer: Mailer
  /** Checks the form: Zod, Valibot, ArkType, or any other Standard Schema. */
  readonly schema: Schema
  /** Checks the arguments that `action.bind(null, …)` put before the form, as a tuple. They come back from the browser and can be changed there. Default: no arguments. */
  readonly boundSchema?: Bound | undefined
  /** The recipients, even if a visitor typed the same address. Default: those of `message`. */
  readonly to?: OwnAddresses<MailgunMessage['to']>
  /** The sender, an address of the sending domain. Default: the sender in the mailer's config. */
  readonly from?: OwnAddresses<MailgunMessage['from']>
  /** Creates the mail from the schema's output. Put the visitor's address into `replyTo`. */
  readonly message: (
    input: InferOutput<Schema>,
    context: MailContext,
    ...bound: InferOutput<Bound>
  ) => Awaitable<MailMessage>
  /** Renders `message.react` to HTML. Default: `@react-email/render`, which must then be installed. */
  readonly render?: RenderReact | undefined
  /** Mailgun's options for each mail of this form. Those of the message are merged over them. Default: none. */
  readonly options?:
    | MailgunOptions
    | ((
        input: InferOutput<Schema>,
        context: MailContext,
        ...bound: InferOutput<Bound>
      ) => Awaitable<MailgunOptions>)
    | undefined
  /** Which files are attached to the mail, and their limits. Default: none. */
  readonly attachments?: AttachmentSettings<FileField> | undefined
  /**
   * `'after'` answers "sent" at once and sends the mail after the response. Only `onError` then learns of a failure.
   * Default: `'await'`.
   */
  readonly mode?: 'await' | 'after' | undefined
  /** Whether the mail may go to addresses that the visitor typed, or to which of them. Anything but `false` can make the form a spam relay. Default: `false`. */
  readonly allowInputRecipients?: InputRecipients | undefined
  /**
   * The fields that the schema reads as a list, such as a group of checkboxes. The schema then gets a list also if one box
   * is checked, or none. Default: the fields for which the schema says that it takes a list.
   */
  readonly lists?: readonly FieldOf<Schema>[] | undefined
  /** The fields whose values are returned in `values`. A field named password, secret or token is never returned. Default: the fields of the schema. */
  readonly fields?: readonly FieldOf<Schema>[] | undefined
  /** The name of the field that only bots fill, see `Honeypot`. `false` turns it off. Default: `'website'`. */
  readonly honeypot?: string | false | undefined
  /** Requires a signed time from the form, see `createFormStamp`. Default: none. */
  readonly stamp?: FormStamp | undefined
  /**
   * Whether a request must come from a page of the site: its `Origin` is the host of the request (`X-Forwarded-Host`,
   * otherwise `Host`), or it has no `Origin` and the browser says `Sec-Fetch-Site: same-origin`. Default: `true`.
   */
  readonly requireOrigin?: boolean | undefined
  /**
   * Hosts of other sites whose pages may submit the form, such as `'*.example.com'`: the same as
   * `serverActions.allowedOrigins` in `next.config`. Default: none.
   */
  readonly allowedOrigins?: readonly string[] | undefined
  /** How many mails the form may send. `false` turns the limit off. A function returns whether the mail may be sent. Default: 5 for each visitor and 60 in all, within 10 minutes. */
  readonly rateLimit?:
    | false
    | RateLimit
    | ((context: MailContext) => Awaitable<boolean>)
    | undefined
  /** Limits of what the form can contain. Default: those of `FormLimits`. */
  readonly limits?: FormLimits | undefined
  /** Called after Mailgun accepted the mail. It may redirect, but not with `mode: 'after'`. Default: none. */
  readonly onSuccess?:
    | ((
        receipt: Receipt,
        input: InferOutput<Schema>,
        context: MailContext,
        ...bound: InferOutput<Bound>
      ) => Awaitable<void>)
    | undefined
  /** Called for every failure that is not the visitor's mistake. Default: `console.error`. */
  readonly onError?: ((error: unknown, context: MailContext) => Awaitable<void>) | undefined
  /** Called for every submission that is taken for a bot's. Default: none. */
  readonly onSpam?: ((reason: SpamReason, context: MailContext) => Awaitable<void>) | undefined
  /** A path to redirect to after the mail was sent. Default: none. */
  readonly redirectTo?: string | undefined
  /** Messages for the visitor, for each key. Default: English ones. */
  readonly messages?: Messages | undefined
}
