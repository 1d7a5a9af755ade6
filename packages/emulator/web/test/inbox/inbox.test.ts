import { describe, expect, it } from 'vitest'
import type { SubmissionList, SubmissionSummary } from '../../../src/http/answers.ts'
import {
  emptyInbox,
  extended,
  findByMessageId,
  type Inbox,
  marked,
  received,
  removed,
  replaced,
} from '../../inbox/inbox.ts'
import { submission } from '../examples/submission.ts'

const first = submission({ id: 'first', receivedAt: '2026-11-22T10:00:00.000Z' })
const second = submission({ id: 'second', receivedAt: '2026-11-22T10:00:01.000Z' })
const third = submission({ id: 'third', receivedAt: '2026-11-22T10:00:02.000Z' })

function ids({ submissions }: Inbox): string[] {
  return submissions.map(({ id }) => id)
}

function list(
  submissions: readonly SubmissionSummary[],
  next: string | null = null,
): SubmissionList {
  const { length } = submissions
  return { submissions, next, matching: length, total: length, unread: length, forgotten: 0 }
}

describe('received', () => {
  it('puts arrivals on top, the newest first, and counts them as unread', () => {
    const inbox = received(replaced('', list([first])), [second, third])

    expect(ids(inbox)).toEqual(['third', 'second', 'first'])
    expect(inbox).toMatchObject({ matching: 3, total: 3, unread: 3 })
  })

  it('puts an arrival that was overtaken in its place', () => {
    expect(ids(received(received(emptyInbox, [third, first]), [second]))).toEqual([
      'third',
      'second',
      'first',
    ])
  })

  it('keeps the order of arrival within one moment', () => {
    const twin = { ...first, id: 'twin' }

    expect(ids(received(emptyInbox, [first, twin]))).toEqual(['twin', 'first'])
  })

  it('brings a known submission up to date, and counts it once', () => {
    const inbox = received(received(emptyInbox, [first]), [{ ...first, diagnosticCount: 2 }])

    expect(inbox.submissions).toEqual([{ ...first, diagnosticCount: 2 }])
    expect(inbox).toMatchObject({ total: 1, unread: 1 })
  })

  it('adds nothing to a search, of which only the emulator can tell', () => {
    expect(ids(received(replaced('tag:x', list([first])), [second]))).toEqual(['first'])
  })
})

describe('extended', () => {
  it('adds the next page, each submission once', () => {
    const inbox = extended(replaced('', list([third, second], 'second')), list([second, first]))

    expect(ids(inbox)).toEqual(['third', 'second', 'first'])
    expect(inbox.next).toBeNull()
  })
})

describe('marked', () => {
  it('counts a submission as read, once', () => {
    const inbox = marked(marked(replaced('', list([first, second])), 'first', true), 'first', true)

    expect(inbox.unread).toBe(1)
    expect(inbox.submissions.map(({ read }) => read)).toEqual([true, false])
  })
})

describe('removed', () => {
  it('takes a submission out of the list and the counts', () => {
    const inbox = removed(replaced('', list([second, first])), {
      id: 'first',
      total: 1,
      forgotten: 1,
    })

    expect(ids(inbox)).toEqual(['second'])
    expect(inbox).toMatchObject({ matching: 1, total: 1, unread: 1, forgotten: 1 })
  })

  it('of the last one of a page moves where the next page begins', () => {
    const inbox = replaced('', list([third, second], 'second'))

    expect(removed(inbox, { id: 'second', total: 5, forgotten: 0 }).next).toBe('third')
  })
})

describe('findByMessageId', () => {
  it('finds the submission, or nothing', () => {
    const inbox = replaced('', list([submission({ messageId: '<a@b.c>' })]))

    expect(findByMessageId(inbox, '<a@b.c>')).toBe(inbox.submissions[0])
    expect(findByMessageId(inbox, '<x@y.z>')).toBeUndefined()
  })
})
