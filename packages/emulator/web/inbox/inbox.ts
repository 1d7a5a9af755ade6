import type { SubmissionSummary } from '../api/api.ts'

/** What the page knows of the emulator's store. */
export interface Inbox {
  /** Newest first. */
  readonly submissions: readonly SubmissionSummary[]
  readonly unread: ReadonlySet<string>
}

export const emptyInbox: Inbox = { submissions: [], unread: new Set() }

/** Takes the emulator's whole list; what it no longer holds is gone here too. */
export function replaced(inbox: Inbox, submissions: readonly SubmissionSummary[]): Inbox {
  const known = new Set(inbox.submissions.map(({ id }) => id))
  const unread = submissions
    .map(({ id }) => id)
    .filter((id) => !known.has(id) || inbox.unread.has(id))
  return { submissions: newestFirst(submissions), unread: new Set(unread) }
}

/** Takes submissions as they arrive, oldest first; one that is known already is brought up to date. */
export function received(inbox: Inbox, arrivals: readonly SubmissionSummary[]): Inbox {
  if (arrivals.length === 0) return inbox

  const known = new Set(inbox.submissions.map(({ id }) => id))
  const latest = new Map(arrivals.map((arrival) => [arrival.id, arrival]))
  const kept = inbox.submissions.map((submission) => latest.get(submission.id) ?? submission)
  const added = [...latest.values()].filter(({ id }) => !known.has(id)).reverse()
  return {
    submissions: newestFirst([...added, ...kept]),
    unread: new Set([...inbox.unread, ...added.map(({ id }) => id)]),
  }
}

export function read(inbox: Inbox, id: string): Inbox {
  if (!inbox.unread.has(id)) return inbox
  const unread = new Set(inbox.unread)
  unread.delete(id)
  return { ...inbox, unread }
}

export function findByMessageId(inbox: Inbox, messageId: string): SubmissionSummary | undefined {
  return inbox.submissions.find((submission) => submission.messageId === messageId)
}

// ISO times of one form order as text; the sort is stable, so equal times keep their places.
function newestFirst(submissions: readonly SubmissionSummary[]): readonly SubmissionSummary[] {
  return submissions.toSorted((a, b) => compare(b.receivedAt, a.receivedAt))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
