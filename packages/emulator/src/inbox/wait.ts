import {
  checkCondition,
  describeCondition,
  describeNearest,
  matches,
} from '@mailgun-smtp/core/matchers'
import type { Copy, Submission } from '../mail/message.ts'
import type { InboxEvent, Mailbox } from './mailbox.ts'
import { ruledOut, type CopyCondition } from './matching.ts'

/** How long to wait for a message. */
export interface WaitSettings {
  /** In milliseconds. Default: 2000. */
  readonly timeout?: number | undefined
  /** Only mail that arrived after this one, or after this time, counts; the first that did is given. */
  readonly after?: Copy | Submission | Date | undefined
  readonly signal?: AbortSignal | undefined
}

/** How long to make sure that no message comes. */
export interface NoneSettings {
  /** In milliseconds. Default: 100. */
  readonly timeout?: number | undefined
  /** @deprecated Renamed to `timeout`. */
  readonly within?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The newest message that matches, or the next one that will.
 *
 * @throws {Error} named `TimeoutError` when none came in time; it tells the nearest messages and what differed.
 */
export async function waitForMessage(
  mailbox: Mailbox,
  condition: CopyCondition,
  { timeout = 2_000, after, signal }: WaitSettings = {},
): Promise<Copy> {
  const match = await nextMatch(mailbox, condition, { timeout, after, signal })
  if (match === 'closed') throw new Error('The emulator is closed: no message will come.')
  if (match !== 'late') return match
  throw timeoutError(mailbox, condition, timeout)
}

/**
 * Resolves when no message that matches is there, nor has come in the time given.
 *
 * @throws {Error} as soon as one is there.
 */
export async function waitForNone(
  mailbox: Mailbox,
  condition: CopyCondition,
  { timeout, within = 100, signal }: NoneSettings = {},
): Promise<void> {
  const match = await nextMatch(mailbox, condition, { timeout: timeout ?? within, signal })
  if (typeof match === 'string') return
  const wanted = describeCondition(condition)
  throw new Error(
    `Wanted no ${wanted.replace(/^(?:any|a) /, '')}, and there is '${match.subject}' to ${match.recipient}.`,
  )
}

/** Runs a function; resolves to the messages that were delivered meanwhile. */
export async function during(mailbox: Mailbox, block: () => unknown): Promise<readonly Copy[]> {
  const found: Copy[] = []
  const unsubscribe = mailbox.subscribe((event) => found.push(...deliveredIn(event)))
  try {
    await block()
  } finally {
    unsubscribe()
  }
  return found
}

function nextMatch(
  mailbox: Mailbox,
  condition: CopyCondition,
  { timeout = 2_000, after, signal }: WaitSettings,
): Promise<Copy | 'late' | 'closed'> {
  return new Promise((resolve, reject) => {
    checkCondition(condition)
    signal?.throwIfAborted()
    const isInTime = arrivedAfter(mailbox, after)
    const isRuledOut = ruledOut(condition)
    const arrived = mailbox.submissions.filter(
      (submission) => isInTime(submission) && !isRuledOut(submission),
    )
    // Without a beginning the newest is meant; with one, the first since.
    for (const submission of after === undefined ? arrived.toReversed() : arrived) {
      const present = submission.copies.find((message) => matches(message, condition))
      if (present) return resolve(present)
    }
    if (mailbox.isClosed) return resolve('closed')

    const unsubscribe = mailbox.subscribe((event) => {
      if (event.type === 'close') return finish(() => resolve('closed'))
      try {
        const match = toldOfIn(event).find(
          (message) => isInTime(message.submission) && matches(message, condition),
        )
        if (match) finish(() => resolve(match))
      } catch (error) {
        // Thrown by the caller's own function.
        finish(() => reject(error as Error))
      }
    })
    // A timer takes no more; it is 24 days.
    const timer = setTimeout(() => finish(() => resolve('late')), Math.min(timeout, 2 ** 31 - 1))
    const onAbort = (): void => finish(() => reject(signal?.reason as Error))
    signal?.addEventListener('abort', onAbort)

    function finish(settle: () => void): void {
      unsubscribe()
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
  })
}

/** Tells which submissions arrived after a copy, a submission or a time. */
function arrivedAfter(
  mailbox: Mailbox,
  after: WaitSettings['after'],
): (submission: Submission) => boolean {
  if (after === undefined) return () => true
  if (after instanceof Date) return ({ receivedAt }) => receivedAt > after
  const { id } = 'submission' in after ? after.submission : after
  // What is there now, up to and with the one that is named; what is not kept any more was before.
  const ids = mailbox.submissions.map((submission) => submission.id)
  const before = new Set(ids.slice(0, ids.indexOf(id) + 1))
  return (submission) => !before.has(submission.id)
}

/** The messages that may fit since an event, such as those that wait for a click. */
function toldOfIn(event: InboxEvent): readonly Copy[] {
  return event.type === 'activity' ? [event.copy] : arrivedIn(event)
}

/** The messages that came by an event. */
function arrivedIn(event: InboxEvent): readonly Copy[] {
  if (event.type === 'delivery') return event.copies
  return event.type === 'submission' ? event.submission.copies : []
}

function deliveredIn(event: InboxEvent): readonly Copy[] {
  return arrivedIn(event).filter(({ state }) => state === 'delivered')
}

/** A wait is for one of the last. */
const compared = { submissions: 200, copies: 1_000 }

function timeoutError({ submissions }: Mailbox, condition: CopyCondition, timeout: number): Error {
  const newest = submissions
    .slice(-compared.submissions)
    .flatMap(({ copies }) => copies)
    .slice(-compared.copies)
  const error = new Error(
    `Waited ${timeout} ms for ${describeCondition(condition)}. ${describeNearest(newest, condition)}`,
  )
  error.name = 'TimeoutError'
  return error
}
