import type { BoundSchema } from './bound-arguments.ts'
import type { Decoy } from './decoy.ts'
import type { FormInput } from './form-input.ts'
import { fromOwnPage } from './request.ts'
import type { StandardSchemaV1 } from './standard-schema.ts'
import type { FailedState, SentState } from './state.ts'
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
 * @throws {ConfigError} if the stamp's secret is missing.
 */
export async function answerToSuspect<Schema extends StandardSchemaV1, Bound extends BoundSchema>(
  submission: Submission<Schema, Bound>,
  headers: Headers | undefined,
  { data, input }: { readonly data: FormData; readonly input: FormInput | undefined },
  decoy: Decoy,
): Promise<SentState | FailedState | undefined> {
  const { honeypot = defaultHoneypot, requireOrigin, stamp } = submission.settings
  if (headers && requireOrigin !== false && !fromOwnPage(headers)) {
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
  // A page that was open for longer than a day is no robot's: what was typed there is not lost.
  return judged.verdict === 'too-soon'
    ? await failed(submission, 'too-soon', input, judged.retryAfter)
    : await failed(submission, 'bad-request', input)
}
