import { ConfigError, DeliveryError, type Receipt } from '@mailgun-smtp/core'
import type { MailActionSettings } from './action-settings.ts'
import { type BoundSchema, checkBound, type NoBound, readCall, textsIn } from './bound-arguments.ts'
import { validate } from './validate.ts'
import { Decoy } from '../protection/decoy.ts'
import { defaultTotalLength, oversized, readForm } from './form-input.ts'
import { buildMail, type ValidSubmission } from './build-mail.ts'
import { secondsToWait } from '../protection/rate-limit.ts'
import { mailContextOf } from '../request/mail-context.ts'
import { readHeaders, type RequestHeaders } from '../request/request.ts'
import { sendMailAfter } from '../mailer/send-mail.ts'
import {
  fieldNames,
  listNames,
  type InferInput,
  type InferOutput,
  type StandardSchemaV1,
} from '../form/standard-schema.ts'
import type { MailFormState, MailState, SentState } from '../form/state.ts'
import { failed, report, reportSpam, rethrowNavigation, type Submission } from './submission.ts'
import { answerToSuspect, ownFields } from './spam-checks.ts'

/**
 * A server action for `useActionState`: what is bound, the previous state, the form. The previous state comes from the
 * browser and is not read.
 */
export type MailAction<
  Schema extends StandardSchemaV1,
  Bound extends BoundSchema = NoBound,
  FileField extends string = never,
> = (
  ...call: [...bound: InferInput<Bound>, previous: MailState<Schema, FileField>, data: FormData]
) => Promise<MailState<Schema, FileField>>

/**
 * Makes the server action of a mail form, to be exported from a file that begins with `'use server'`.
 *
 * It refuses what no page of this site sent, robots, too many mails, and recipients that a visitor typed.
 *
 * @throws {ConfigError} if the schema has a field with the name of the honeypot or the stamp.
 */
export function createMailAction<
  Schema extends StandardSchemaV1,
  Bound extends BoundSchema = NoBound,
  const FileField extends string = never,
>(settings: MailActionSettings<Schema, Bound, FileField>): MailAction<Schema, Bound, FileField> {
  return mailActionReading(settings, readHeaders)
}

/** {@link createMailAction} for requests whose headers come from elsewhere. */
export function mailActionReading<
  Schema extends StandardSchemaV1,
  Bound extends BoundSchema = NoBound,
  const FileField extends string = never,
>(
  settings: MailActionSettings<Schema, Bound, FileField>,
  headersOfRequest: () => Promise<RequestHeaders>,
): MailAction<Schema, Bound, FileField> {
  const echoed = settings.fields ?? fieldNames(settings.schema)
  const lists = settings.lists ?? listNames(settings.schema)
  refuseSharedNames(settings, echoed)
  const decoy = new Decoy()
  return async (...given) => {
    const headers = await headersOfRequest()
    const { rateLimit } = settings
    const trustedHops = typeof rateLimit === 'object' ? rateLimit.trustedHops : undefined
    const context = mailContextOf(headers, trustedHops)
    const submission: Submission<Schema, Bound> = { settings, context, echoed, lists }
    const state = await answer(submission, headers, given, decoy)
    if (state.status === 'sent' && settings.redirectTo !== undefined) {
      const { redirect } = await import('next/navigation.js')
      redirect(settings.redirectTo)
    }
    // The names of fields are the schema's: unknown fields are not given back, and issues are about its own.
    return state as MailState<Schema, FileField>
  }
}

async function answer<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  submission: Submission<Schema, Bound>,
  headers: RequestHeaders,
  given: readonly unknown[],
  decoy: Decoy,
): Promise<MailFormState> {
  const { settings } = submission
  // The types hold only for the site's own pages. A request can contain anything.
  const call = readCall(given)
  if (!call) return await failed(submission, 'bad-request')
  const { data, bound: bindings } = call
  const limits = settings.limits ?? {}
  const read = readForm(data, ownFields(settings), limits, submission.lists)
  const input = read === oversized ? undefined : read
  try {
    const suspect = await answerToSuspect(submission, headers, { data, input }, decoy)
    if (suspect) return suspect
    if (!input) return await failed(submission, 'bad-request')
    // A schema does not see what is too long.
    const boundTexts = textsIn(bindings, limits.totalLength ?? defaultTotalLength)
    const bound = boundTexts && (await checkBound(bindings, settings.boundSchema))
    if (!bound) {
      await reportSpam(submission, 'bound')
      return await failed(submission, 'bad-request', input)
    }
    const form = await validate(submission, input)
    if (form.status === 'invalid') return form
    const limited = await isLimited(submission)
    if (limited) {
      await reportSpam(submission, 'rate-limit')
      return await failed(submission, 'rate-limited', input, limited.retryAfter)
    }
    return await mail(submission, decoy, {
      ...form,
      bound: bound as InferOutput<Bound>,
      typed: [...input.texts, ...boundTexts],
    })
  } catch (error) {
    await rethrowNavigation(error)
    await report(submission, error)
    if (!(error instanceof DeliveryError)) return await failed(submission, 'error', input)
    return await failed(submission, error.outcome, input, secondsUntil(error.retryAfter))
  }
}

/** Mails what was submitted, now or when the response is gone. */
async function mail<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  submission: Submission<Schema, Bound>,
  decoy: Decoy,
  valid: ValidSubmission<Schema, Bound>,
): Promise<SentState> {
  const { settings, context } = submission
  const { value, bound } = valid
  const { mailer, message } = await buildMail(submission, valid)
  const onSuccess = async (receipt: Receipt) =>
    await settings.onSuccess?.(receipt, value, context, ...bound)
  if (settings.mode === 'after') {
    const onError = async (error: unknown) => await report(submission, error)
    await sendMailAfter(message, { mailer, onSuccess, onError })
    return { status: 'sent' }
  }
  const began = performance.now()
  const receipt = await mailer.send(message)
  decoy.learn(receipt, performance.now() - began)
  try {
    await onSuccess(receipt)
  } catch (error) {
    await rethrowNavigation(error)
    // The mail is sent, and the visitor must not send it again.
    await report(submission, error)
  }
  return { status: 'sent', messageId: receipt.messageId }
}

/** Whether one mail too many is asked for, and after how many seconds it may go, if that is known. */
async function isLimited<Schema extends StandardSchemaV1, Bound extends BoundSchema>({
  settings: { rateLimit = {} },
  context,
}: Submission<Schema, Bound>): Promise<{ readonly retryAfter: number | undefined } | undefined> {
  if (rateLimit === false) return undefined
  if (typeof rateLimit === 'function') {
    return (await rateLimit(context)) ? undefined : { retryAfter: undefined }
  }
  const retryAfter = await secondsToWait(rateLimit, context)
  return retryAfter === undefined ? undefined : { retryAfter }
}

function secondsUntil(date: Date | undefined): number | undefined {
  return date && Math.max(0, Math.ceil((date.getTime() - Date.now()) / 1000))
}

/** A field of the app's with the name of one of this package's would never reach the schema. */
function refuseSharedNames(
  settings: {
    readonly honeypot?: string | false | undefined
    readonly stamp?: { readonly name: string } | undefined
    readonly attachments?: { readonly fields: readonly string[] } | undefined
  },
  fields: readonly string[],
): void {
  const own = ownFields(settings)
  const shared = [...fields, ...(settings.attachments?.fields ?? [])].find((name) =>
    own.includes(name),
  )
  if (shared !== undefined) {
    throw new ConfigError(
      `The form has a field named '${shared}', which is the name of its ${shared === settings.stamp?.name ? 'stamp: give createFormStamp' : 'honeypot: give honeypot'} another.`,
    )
  }
}
