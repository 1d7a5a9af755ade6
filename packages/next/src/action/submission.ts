import type { MailActionSettings, SpamReason } from './action-settings.ts'
import type { BoundSchema } from './bound-arguments.ts'
import { textOf } from './failure-messages.ts'
import { echo, type FormInput } from './form-input.ts'
import type { MailContext } from '../request/mail-context.ts'
import type { StandardSchemaV1 } from '../form/standard-schema.ts'
import type { FailedState, FailureReason } from '../form/state.ts'

/** One submission on its way through an action. */
export interface Submission<Schema extends StandardSchemaV1, Bound extends BoundSchema> {
  readonly settings: MailActionSettings<Schema, Bound>
  readonly context: MailContext
  /** The fields that are given back. */
  readonly echoed: readonly string[]
  /** The fields that are read as a list. */
  readonly lists: readonly string[]
}

/** What only talks to the visitor, or about a submission, needs to know of it. */
export interface VisitorContext {
  readonly settings: Pick<MailActionSettings<StandardSchemaV1>, 'messages' | 'onError' | 'onSpam'>
  readonly context: MailContext
  readonly echoed: readonly string[]
}

/** The answer when the mail is not sent. */
export async function failed(
  { settings, echoed, context }: VisitorContext,
  reason: FailureReason,
  input?: FormInput,
  retryAfter?: number,
): Promise<FailedState> {
  return {
    status: 'failed',
    reason,
    ...(retryAfter !== undefined && { retryAfter }),
    formErrors: [await textOf(reason, settings.messages, context)],
    values: input ? echo(input, echoed) : {},
  }
}

/** Tells the app of a failure; a callback that fails itself is logged, and changes no answer. */
export async function report({ settings, context }: VisitorContext, error: unknown): Promise<void> {
  // A silent failure is worse than a line in the log. Core's errors contain no address and nothing of the message.
  if (!settings.onError) return console.error('A mail form failed:', error)
  try {
    await settings.onError(error, context)
  } catch (second) {
    await rethrowNavigation(second)
    console.error('onError of a mail form failed:', second)
  }
}

/** Tells the app what was taken for a robot's. */
export async function reportSpam(visitor: VisitorContext, reason: SpamReason): Promise<void> {
  try {
    await visitor.settings.onSpam?.(reason, visitor.context)
  } catch (error) {
    await rethrowNavigation(error)
    await report(visitor, error)
  }
}

/** Throws on what is not a failure: Next.js redirects, and ends a page, by throwing. */
export async function rethrowNavigation(error: unknown): Promise<void> {
  let navigation: typeof import('next/navigation.js')
  try {
    navigation = await import('next/navigation.js')
  } catch {
    // Turbopack has no such module for a route handler. What Next.js throws to end a page bears a digest.
    if (error instanceof Error && typeof Reflect.get(error, 'digest') === 'string') throw error
    return
  }
  navigation.unstable_rethrow(error)
}
