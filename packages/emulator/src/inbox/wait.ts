import type { Message } from '../mail/message.ts'
import type { Submission } from '../mail/submission.ts'
import type { Inbox } from './inbox.ts'
import { checkFilter, describeFilter, differences, type MessageFilter } from './message-filter.ts'

/** How long to wait for a message. */
export interface WaitSettings {
  /** In milliseconds. Default: 2000. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a message has to be like: fields, or a function that says so. */
export type MessageCondition = MessageFilter | ((message: Message) => boolean)

/**
 * The newest message that matches, or the next one that will.
 *
 * @throws {Error} named `TimeoutError` when none came in time; it tells the nearest messages and what differed.
 */
export function waitForMessage(
  inbox: Inbox,
  condition: MessageCondition,
  { timeout = 2_000, signal }: WaitSettings = {},
): Promise<Message> {
  return new Promise((resolve, reject) => {
    if (typeof condition !== 'function') checkFilter(condition)
    signal?.throwIfAborted()
    for (const submission of inbox.submissions.toReversed()) {
      const present = findIn(submission, condition)
      if (present) return resolve(present)
    }
    if (inbox.isClosed) throw closedError()

    const unsubscribe = inbox.subscribe((event) => {
      if (event.type === 'close') finish(() => reject(closedError()))
      if (event.type !== 'submission') return
      try {
        const match = findIn(event.submission, condition)
        if (match) finish(() => resolve(match))
      } catch (error) {
        // Thrown by the caller's own function.
        finish(() => reject(error as Error))
      }
    })
    const timer = setTimeout(
      () => finish(() => reject(timeoutError(inbox.messages, condition, timeout))),
      // A timer takes no more; it is 24 days.
      Math.min(timeout, 2 ** 31 - 1),
    )
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

function findIn({ messages }: Submission, condition: MessageCondition): Message | undefined {
  return messages.find((message) => matches(message, condition))
}

function matches(message: Message, condition: MessageCondition): boolean {
  if (typeof condition === 'function') return condition(message)
  return differences(message, condition).length === 0
}

function closedError(): Error {
  return new Error('The emulator is closed: no message will come.')
}

function timeoutError(
  messages: readonly Message[],
  condition: MessageCondition,
  timeout: number,
): Error {
  const wanted = typeof condition === 'function' ? 'a message that fits' : describeFilter(condition)
  const arrived =
    messages.length === 0
      ? 'The inbox is empty.'
      : `${messages.length} in the inbox, nearest first:\n${nearest(messages, condition)}`
  const error = new Error(`Waited ${timeout} ms for ${wanted}. ${arrived}`)
  error.name = 'TimeoutError'
  return error
}

/** Up to five messages: those with the fewest differences, and of these the newest. */
function nearest(messages: readonly Message[], condition: MessageCondition): string {
  const compared = messages.toReversed().map((message) => ({
    message,
    found: typeof condition === 'function' ? [] : differences(message, condition),
  }))
  return compared
    .toSorted((one, other) => one.found.length - other.found.length)
    .slice(0, 5)
    .map(({ message, found }) => {
      const what = found.map((each) => `${each.field} is ${each.found}, not ${each.wanted}`)
      return `  '${message.subject}' to ${message.recipient}${what.length ? `: ${what.join('; ')}` : ''}`
    })
    .join('\n')
}
