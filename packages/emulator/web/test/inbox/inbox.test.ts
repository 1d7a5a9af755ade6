import { describe, expect, it } from 'vitest'
import {
  emptyInbox,
  findByMessageId,
  type Inbox,
  read,
  received,
  replaced,
} from '../../inbox/inbox.ts'
import { submission } from '../examples/submission.ts'

const first = submission({ id: 'first', receivedAt: '2026-11-22T10:00:00.000Z' })
const second = submission({ id: 'second', receivedAt: '2026-11-22T10:00:01.000Z' })
const third = submission({ id: 'third', receivedAt: '2026-11-22T10:00:02.000Z' })

function ids({ submissions }: Inbox): string[] {
  return submissions.map(({ id }) => id)
}

describe('received', () => {
  it('puts arrivals on top, the newest first, and marks them unread', () => {
    const inbox = received(replaced(emptyInbox, [first]), [second, third])

    expect(ids(inbox)).toEqual(['third', 'second', 'first'])
    expect(inbox.unread).toEqual(new Set(['first', 'second', 'third']))
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

  it('brings a known submission up to date and leaves it read', () => {
    const seen = read(received(emptyInbox, [first]), 'first')
    const inbox = received(seen, [{ ...first, problems: 2 }])

    expect(inbox.submissions).toEqual([{ ...first, problems: 2 }])
    expect(inbox.unread.size).toBe(0)
  })

  it('counts a submission once that came twice in one go', () => {
    expect(ids(received(emptyInbox, [first, first]))).toEqual(['first'])
  })

  it('is the same inbox when nothing came', () => {
    const inbox = received(emptyInbox, [first])

    expect(received(inbox, [])).toBe(inbox)
  })
})

describe('replaced', () => {
  it('forgets what the emulator no longer holds', () => {
    const inbox = replaced(received(emptyInbox, [first, second]), [second])

    expect(ids(inbox)).toEqual(['second'])
    expect([...inbox.unread]).toEqual(['second'])
  })

  it('remembers what was read, and takes the rest as unread', () => {
    const inbox = replaced(read(received(emptyInbox, [first]), 'first'), [second, first])

    expect([...inbox.unread]).toEqual(['second'])
  })

  it('merges with what arrived while the list was on its way', () => {
    const inbox = received(replaced(emptyInbox, [second, first]), [second, third])

    expect(ids(inbox)).toEqual(['third', 'second', 'first'])
  })
})

describe('read', () => {
  it('leaves an inbox alone that has nothing unread of that name', () => {
    const inbox = read(received(emptyInbox, [first]), 'first')

    expect(inbox.unread.size).toBe(0)
    expect(read(inbox, 'first')).toBe(inbox)
  })
})

describe('findByMessageId', () => {
  it('finds the newest of two with one Message-ID', () => {
    const inbox = received(emptyInbox, [
      { ...first, messageId: '<same@x>' },
      { ...second, messageId: '<same@x>' },
    ])

    expect(findByMessageId(inbox, '<same@x>')?.id).toBe('second')
    expect(findByMessageId(inbox, '<other@x>')).toBeUndefined()
  })
})
