import { ConfigError } from '@mailgun-smtp/core'
import type { BoundSchema } from './bound-arguments.ts'
import type { Decoy } from '../protection/decoy.ts'
import type { FormInput } from './form-input.ts'
import { fromOwnPage } from '../protection/origin.ts'
import type { RequestHeaders } from '../request/request.ts'
import type { StandardSchemaV1 } from '../form/standard-schema.ts'
import type { FailedState, SentState } from '../form/state.ts'
import { failed, reportSpam, type Submission } from './submission.ts'

/** The name of the field that only robots fill, unless the app gives another. */
export const defaultHoneypot = 'website'

/** The names of the fields that this package puts into a form. */
export function ownFields({
  honeypot = defaultHoneypot,
  stamp,
}: {
  readonly honeypot?: string | false | undefined
  readonly stamp?: { readonly name: string } | undefined
}): readonly string[] {
  return [...(honeypot === false ? [] : [honeypot]), ...(stamp ? [stamp.name] : [])]
}

/**
 * The answer to what no visitor of this site sent, by the marks that it bears; `undefined` if it bears none.
 *
 * @throws {ConfigError} if the stamp's secret is missing, or the request is hidden.
 */
export async function answerToSuspect<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  submission: Submission<Schema, Bound>,
  headers: RequestHeaders,
  { data, input }: { readonly data: FormData; readonly input: FormInput | undefined },
  decoy: Decoy,
): Promise<SentState | FailedState | undefined> {
  const { honeypot = defaultHoneypot, stamp } = submission.settings
  const { requireOrigin, allowedOrigins } = submission.settings
  if (headers === 'hidden' && requireOrigin !== false) {
    throw new ConfigError(
      'Next.js hides this request from actions, so you cannot tell which page sent it. Update to Next.js 15.2 or later; or, for an action that is called without a request, set requireOrigin: false.',
    )
  }
  if (
    headers instanceof Headers &&
    requireOrigin !== false &&
    !fromOwnPage(headers, allowedOrigins)
  ) {
    await reportSpam(submission, 'origin')
    return await failed(submission, 'bad-request')
  }
  if (honeypot !== false && data.getAll(honeypot).some((value) => value !== '')) {
    await reportSpam(submission, 'honeypot')
    return await decoy.answer()
  }
  const judged = stamp?.judge(data.getAll(stamp.name), Date.now())
  if (!judged || judged.verdict === 'valid') return undefined
  await reportSpam(submission, 'stamp')
  // A page that was open for more than a day was not opened by a bot, so what was typed is kept.
  return judged.verdict === 'too-soon'
    ? await failed(submission, 'too-soon', input, judged.retryAfter)
    : await failed(submission, 'bad-request', input)
}
