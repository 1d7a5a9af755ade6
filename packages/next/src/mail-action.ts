import { ConfigError, DeliveryError, type Receipt } from '@mailgun-smtp/core'
import type { MailActionSettings } from './action-settings.ts'
import { compose } from './compose.ts'
import { textOf } from './failure-messages.ts'
import {
  complaints,
  echo,
  type FormInput,
  oversized,
  readForm,
  tooLongFields,
} from './form-input.ts'
import { bucketNamed, take, visitorOf } from './rate-limit.ts'
import { fromOwnPage, type MailContext, readHeaders } from './request.ts'
import {
  fieldNames,
  type InferOutput,
  type SchemaResult,
  type StandardSchemaV1,
} from './standard-schema.ts'
import type { FailedState, FailureReason, MailFormState, MailState } from './state.ts'

/** A server action for `useActionState`. Its first argument comes from the browser and is not read. */
export type MailAction<Schema extends StandardSchemaV1> = (
  previous: MailState<Schema>,
  data: FormData,
) => Promise<MailState<Schema>>

/**
 * Makes the server action of a mail form, to be exported from a file that begins with `'use server'`.
 *
 * It refuses what no page of this site sent, robots, too many mails, and recipients that a visitor typed.
 *
 * @throws {ConfigError} if the schema has a field with the honeypot's name.
 */
export function createMailAction<Schema extends StandardSchemaV1>(
  settings: MailActionSettings<Schema>,
): MailAction<Schema> {
  return mailActionReading(settings, readHeaders)
}

/** {@link createMailAction} for requests whose headers come from elsewhere; `undefined` is no request at all. */
export function mailActionReading<Schema extends StandardSchemaV1>(
  settings: MailActionSettings<Schema>,
  headersOfRequest: () => Promise<Headers | undefined>,
): MailAction<Schema> {
  const known = settings.fields ?? fieldNames(settings.schema)
  const { honeypot = 'website' } = settings
  if (honeypot !== false && known.some((field) => field === honeypot)) {
    throw new ConfigError(
      `The form has a field named '${honeypot}', which is the honeypot's name: give honeypot another.`,
    )
  }
  return async (_previous, data) => {
    const headers = await headersOfRequest()
    const { rateLimit } = settings
    const trustedHops = typeof rateLimit === 'object' ? rateLimit.trustedHops : undefined
    const context: MailContext = {
      headers: headers ?? new Headers(),
      visitor: headers && visitorOf(headers, trustedHops),
    }
    const state = await answer({ settings, known, honeypot, context }, headers, data)
    if (state.status === 'sent' && settings.redirectTo !== undefined) {
      const { redirect } = await import('next/navigation.js')
      redirect(settings.redirectTo)
    }
    // The names of fields are the schema's: unknown fields are not given back, and issues are about its own.
    return state as MailState<Schema>
  }
}

/** One submission on its way through the action. */
interface Submission<Schema extends StandardSchemaV1> {
  readonly settings: MailActionSettings<Schema>
  readonly known: readonly string[]
  readonly honeypot: string | false
  readonly context: MailContext
}

async function answer<Schema extends StandardSchemaV1>(
  submission: Submission<Schema>,
  headers: Headers | undefined,
  data: FormData,
): Promise<MailFormState> {
  const { settings, honeypot, context } = submission
  // The types of an action hold for its own page only; anybody may post anything.
  if (!(data instanceof FormData)) return failed(submission, 'bad-request')
  if (headers && settings.requireOrigin !== false && !fromOwnPage(headers)) {
    await settings.onSpam?.('origin', context)
    return failed(submission, 'bad-request')
  }
  if (honeypot !== false && data.getAll(honeypot).some((value) => value !== '')) {
    await settings.onSpam?.('honeypot', context)
    return { status: 'sent' }
  }
  const input = readForm(data, honeypot, settings.limits ?? {})
  if (input === oversized) return failed(submission, 'bad-request')

  const { unstable_rethrow } = await import('next/navigation.js')
  let sent: { readonly value: InferOutput<Schema>; readonly receipt: Receipt }
  try {
    const checked = await check(submission, input)
    if (checked.issues) {
      return {
        status: 'invalid',
        ...complaints(checked.issues),
        values: echo(input, submission.known),
      }
    }
    const limited = await isLimited(submission)
    if (limited) {
      await settings.onSpam?.('rate-limit', context)
      return failed(submission, 'rate-limited', input, limited.retryAfter)
    }
    sent = { value: checked.value, receipt: await send(submission, input, checked.value) }
  } catch (error) {
    unstable_rethrow(error)
    await report(submission, error)
    if (!(error instanceof DeliveryError)) return failed(submission, 'error', input)
    return failed(submission, error.outcome, input, secondsUntil(error.retryAfter))
  }
  try {
    await settings.onSuccess?.(sent.receipt, sent.value, context)
  } catch (error) {
    unstable_rethrow(error)
    // The mail is sent, and the visitor must not send it again.
    await report(submission, error)
  }
  return { status: 'sent', messageId: sent.receipt.messageId }
}

async function check<Schema extends StandardSchemaV1>(
  { settings, context }: Submission<Schema>,
  input: FormInput,
): Promise<SchemaResult<InferOutput<Schema>>> {
  const tooLong = tooLongFields(input, settings.limits ?? {})
  if (tooLong.length > 0) {
    const message = textOf('too-long', settings.messages, context)
    return { issues: tooLong.map((name) => ({ message, path: [name] })) }
  }
  // A schema's own types say what it gives.
  return (await settings.schema['~standard'].validate(input.fields)) as SchemaResult<
    InferOutput<Schema>
  >
}

/** Whether one mail too many is asked for, and after how many seconds it may go, if that is known. */
async function isLimited<Schema extends StandardSchemaV1>({
  settings: { rateLimit = {} },
  context,
}: Submission<Schema>): Promise<{ readonly retryAfter: number | undefined } | undefined> {
  if (rateLimit === false) return undefined
  if (typeof rateLimit === 'function') {
    return (await rateLimit(context)) ? undefined : { retryAfter: undefined }
  }
  const bucket = bucketNamed(rateLimit.bucket ?? '')
  const retryAfter = take(bucket, context.visitor, rateLimit, Date.now())
  return retryAfter === undefined ? undefined : { retryAfter }
}

async function send<Schema extends StandardSchemaV1>(
  { settings, context }: Submission<Schema>,
  input: FormInput,
  value: InferOutput<Schema>,
): Promise<Receipt> {
  const given = await settings.message(value, context)
  const options =
    typeof settings.options === 'function' ? settings.options(value, context) : settings.options
  const message = compose(
    given,
    options,
    { ...settings, subjectLength: settings.limits?.subjectLength },
    input.texts,
  )
  const mailer = options ? settings.mailer.with(options) : settings.mailer
  return await mailer.send(message)
}

function secondsUntil(date: Date | undefined): number | undefined {
  return date && Math.max(0, Math.ceil((date.getTime() - Date.now()) / 1000))
}

function failed<Schema extends StandardSchemaV1>(
  { settings, known, context }: Submission<Schema>,
  reason: FailureReason,
  input?: FormInput,
  retryAfter?: number,
): FailedState {
  return {
    status: 'failed',
    reason,
    ...(retryAfter !== undefined && { retryAfter }),
    formErrors: [textOf(reason, settings.messages, context)],
    values: input ? echo(input, known) : {},
  }
}

async function report<Schema extends StandardSchemaV1>(
  { settings, context }: Submission<Schema>,
  error: unknown,
): Promise<void> {
  // A failure that nobody hears of is worse than a line in the log; core's errors hold no address and no text of a mail.
  if (settings.onError) await settings.onError(error, context)
  else console.error('A mail form failed:', error)
}
