import type { SubmissionList, SubmissionSummary } from '../../src/http/answers.ts'

/** What the page knows of the emulator's mail: as much of the list as was asked for, and counts of all of it. */
export interface Inbox extends SubmissionList {
  /** What the list is a search for; empty for all mail. */
  readonly search: string
}

export const emptyInbox: Inbox = {
  search: '',
  submissions: [],
  next: null,
  matching: 0,
  total: 0,
  unread: 0,
  forgotten: 0,
}

/** Takes the first page of a list anew. */
export function replaced(search: string, list: SubmissionList): Inbox {
  return { ...list, search }
}

/** Takes the next page of the list. */
export function extended(inbox: Inbox, list: SubmissionList): Inbox {
  const known = new Set(inbox.submissions.map(({ id }) => id))
  const added = list.submissions.filter(({ id }) => !known.has(id))
  return { ...inbox, ...list, submissions: [...inbox.submissions, ...added] }
}

/**
 * Takes submissions as they arrive, oldest first; one that is known already is brought up to date. What of a search
 * they would be in only the emulator can tell.
 */
export function received(inbox: Inbox, arrivals: readonly SubmissionSummary[]): Inbox {
  const latest = new Map(arrivals.map((arrival) => [arrival.id, arrival]))
  const kept = inbox.submissions.map((submission) => latest.get(submission.id) ?? submission)
  const known = new Set(kept.map(({ id }) => id))
  const added = [...latest.values()].filter(({ id }) => !known.has(id)).reverse()
  if (inbox.search !== '') return { ...inbox, submissions: kept }
  return {
    ...inbox,
    submissions: newestFirst([...added, ...kept]),
    matching: inbox.matching + added.length,
    total: inbox.total + added.length,
    unread: inbox.unread + added.filter(({ read }) => !read).length,
  }
}

/** A submission was read, or is to count as new again. */
export function marked(inbox: Inbox, id: string, read: boolean): Inbox {
  const known = inbox.submissions.find((submission) => submission.id === id)
  if (known?.read === read) return inbox
  return {
    ...inbox,
    unread: Math.max(0, inbox.unread + (read ? -1 : 1)),
    submissions: inbox.submissions.map((submission) =>
      submission.id === id ? { ...submission, read } : submission,
    ),
  }
}

/** A submission is gone. */
export function removed(
  inbox: Inbox,
  {
    id,
    total,
    forgotten,
  }: { readonly id: string; readonly total: number; readonly forgotten: number },
): Inbox {
  const known = inbox.submissions.find((submission) => submission.id === id)
  return {
    ...inbox,
    total,
    forgotten,
    matching: Math.max(0, inbox.matching - (known || inbox.search === '' ? 1 : 0)),
    unread: known?.read === true ? inbox.unread : Math.max(0, inbox.unread - 1),
    // The next page begins after what is there.
    next: inbox.next === id ? (inbox.submissions.at(-2)?.id ?? null) : inbox.next,
    submissions: inbox.submissions.filter((submission) => submission.id !== id),
  }
}

export function findByMessageId(inbox: Inbox, messageId: string): SubmissionSummary | undefined {
  return inbox.submissions.find((submission) => submission.messageId === messageId)
}

// ISO times of one form sort as strings; the sort is stable, so equal times keep their places.
function newestFirst(submissions: readonly SubmissionSummary[]): readonly SubmissionSummary[] {
  return submissions.toSorted((a, b) => compare(b.receivedAt, a.receivedAt))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
