import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { SubmissionSummary } from '../../src/http/answers.ts'
import { scrollToRow, visibleRows } from './visible-rows.ts'
import { MailRow } from './mail-row.tsx'

export interface MailListProps {
  readonly submissions: readonly SubmissionSummary[]
  /** Called when the last rows come into view; undefined if there are no more. */
  readonly onEnd: (() => void) | undefined
  readonly cursor: string | undefined
  readonly openId: string | undefined
}

// As `.mail-row` in list.css.
const rowRem = 4.9

/** The list; only the rows in view are in the document, so that 100,000 mails scroll as ten do. */
export function MailList({ submissions, onEnd, cursor, openId }: MailListProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState({ scrollTop: 0, height: 900 })
  const [rowHeight, setRowHeight] = useState(rowRem * 16)
  const { first, end } = visibleRows(viewport, rowHeight, submissions.length)

  const isAtEnd = end >= submissions.length
  useEffect(() => {
    if (isAtEnd) onEnd?.()
  }, [isAtEnd, onEnd, submissions.length])

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => {
      setRowHeight(rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize))
      setViewport({ scrollTop: element.scrollTop, height: element.clientHeight })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    const index = submissions.findIndex(({ id }) => id === cursor)
    if (!element || index === -1 || element.clientHeight === 0) return
    const now = { scrollTop: element.scrollTop, height: element.clientHeight }
    const scrollTop = scrollToRow(now, rowHeight, index)
    if (scrollTop === now.scrollTop) return
    element.scrollTop = scrollTop
    setViewport({ ...now, scrollTop })
    // Only a step of the cursor scrolls; mail that arrives leaves the list where it is.
  }, [cursor])

  // Scrolled down, one goes on reading the same rows while mail arrives above them.
  const anchor = useRef<{ readonly id: string; readonly offset: number } | undefined>(undefined)
  const onScroll = ({ scrollTop, clientHeight }: HTMLElement) => {
    const row = Math.floor(scrollTop / rowHeight)
    const id = scrollTop > 0 ? submissions[row]?.id : undefined
    anchor.current = id === undefined ? undefined : { id, offset: scrollTop - row * rowHeight }
    setViewport({ scrollTop, height: clientHeight })
  }

  useLayoutEffect(() => {
    const held = anchor.current
    const row = held ? submissions.findIndex(({ id }) => id === held.id) : -1
    if (!scroller.current || !held || row === -1) return
    scroller.current.scrollTop = row * rowHeight + held.offset
  }, [submissions])

  return (
    <div class="mail-list" ref={scroller} onScroll={({ currentTarget }) => onScroll(currentTarget)}>
      <ul
        style={{
          paddingTop: `${first * rowHeight}px`,
          paddingBottom: `${(submissions.length - end) * rowHeight}px`,
        }}
      >
        {submissions.slice(first, end).map((submission, index) => (
          <MailRow
            key={submission.id}
            submission={submission}
            open={submission.id === openId}
            cursor={submission.id === cursor}
            place={first + index + 1}
            of={submissions.length}
          />
        ))}
      </ul>
    </div>
  )
}
