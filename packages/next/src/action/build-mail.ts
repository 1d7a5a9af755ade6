import type { Mailer, MailgunMessage } from '@mailgun-smtp/core'
import { type filesOf, readAttachments } from './attachments.ts'
import type { BoundSchema } from './bound-arguments.ts'
import { buildMessage } from './build-message.ts'
import { withRenderedBody } from '../mailer/react-body.ts'
import type { InferOutput, StandardSchemaV1 } from '../form/standard-schema.ts'
import type { Submission } from './submission.ts'

/** What a visitor sent, found to be right. */
export interface ValidSubmission<Schema extends StandardSchemaV1, Bound extends BoundSchema> {
  readonly value: InferOutput<Schema>
  readonly bound: InferOutput<Bound>
  readonly files: ReturnType<typeof filesOf>
  /** Every string that came from the browser: none may become a recipient. */
  readonly typed: readonly string[]
}

/** A mail that may leave. */
export interface ReadyMail {
  readonly mailer: Mailer
  readonly message: MailgunMessage
}

/**
 * Makes the mail of a submission.
 *
 * @throws {InvalidOptionError} if it goes to or comes from an address that was typed.
 */
export async function buildMail<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  { settings, context }: Submission<Schema, Bound>,
  { value, bound, files, typed }: ValidSubmission<Schema, Bound>,
): Promise<ReadyMail> {
  const { mailer, allowInputRecipients, limits } = settings
  const options =
    typeof settings.options === 'function'
      ? await settings.options(value, context, ...bound)
      : settings.options
  const to = typeof settings.to === 'function' ? await settings.to() : settings.to
  const from = typeof settings.from === 'function' ? await settings.from() : settings.from
  const message = await settings.message(value, context, ...bound)
  const whole = buildMessage(
    await withRenderedBody(message, settings.render),
    options,
    { to, from, allowInputRecipients, subjectLength: limits?.subjectLength },
    typed,
    await readAttachments(files),
  )
  return { mailer: options ? mailer.with(options) : mailer, message: whole }
}
