import type { Message } from '../mail/message.ts'
import type { InboxEvent, Mailbox } from './mailbox.ts'
import {
  checkFilter,
  describeCondition,
  matches,
  rulesOut,
  type MessageCondition,
} from './message-filter.ts'
import { nearestMessages } from './nearest.ts'

export type { MessageCondition } from './message-filter.ts'

/** How long to wait for a message. */
export interface WaitSettings {
  /** In milliseconds. Default: 2000. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** How long to make sure that no message comes. */
export interface NoneSettings {
  /** In milliseconds. Default: 100. */
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
  condition: MessageCondition,
  { timeout = 2_000, signal }: WaitSettings = {},
): Promise<Message> {
  const match = await nextMatch(mailbox, condition, timeout, signal)
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
  condition: MessageCondition,
  { within = 100, signal }: NoneSettings = {},
): Promise<void> {
  const match = await nextMatch(mailbox, condition, within, signal)
  if (typeof match === 'string') return
  const wanted = describeCondition(condition)
  throw new Error(
    `Wanted no ${wanted.replace(/^(?:any|a) /, '')}, and there is '${match.subject}' to ${match.recipient}.`,
  )
}

/** Runs a function; resolves to the messages that were delivered meanwhile. */
export async function during(mailbox: Mailbox, block: () => unknown): Promise<readonly Message[]> {
  const found: Message[] = []
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
  condition: MessageCondition,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Message | 'late' | 'closed'> {
  return new Promise((resolve, reject) => {
    if (typeof condition !== 'function') checkFilter(condition)
    signal?.throwIfAborted()
    const isRuledOut = rulesOut(condition)
    for (const submission of mailbox.submissions.toReversed()) {
      if (isRuledOut(submission)) continue
      const present = submission.messages.find((message) => matches(message, condition))
      if (present) return resolve(present)
    }
    if (mailbox.isClosed) return resolve('closed')

    const unsubscribe = mailbox.subscribe((event) => {
      if (event.type === 'close') return finish(() => resolve('closed'))
      try {
        const match = toldOfIn(event).find((message) => matches(message, condition))
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

/** The messages that may fit since an event, such as those that wait for a click. */
function toldOfIn(event: InboxEvent): readonly Message[] {
  return event.type === 'activity' ? [event.message] : arrivedIn(event)
}

/** The messages that came by an event. */
function arrivedIn(event: InboxEvent): readonly Message[] {
  if (event.type === 'delivery') return event.messages
  return event.type === 'submission' ? event.submission.messages : []
}

function deliveredIn(event: InboxEvent): readonly Message[] {
  return arrivedIn(event).filter(({ state }) => state === 'delivered')
}

function timeoutError(mailbox: Mailbox, condition: MessageCondition, timeout: number): Error {
  const length = mailbox.submissions.reduce((sum, { envelope }) => sum + envelope.to.length, 0)
  const arrived =
    length === 0
      ? 'The inbox is empty.'
      : `${length} in the inbox, nearest first:\n${nearestMessages(mailbox, condition)}`
  const error = new Error(`Waited ${timeout} ms for ${describeCondition(condition)}. ${arrived}`)
  error.name = 'TimeoutError'
  return error
}
