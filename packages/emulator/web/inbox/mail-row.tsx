import type { JSX } from 'preact'
import { shortAddress } from '../words/address.ts'
import type { SubmissionSummary } from '../../src/http/answers.ts'
import { distance, dueTime, fullTime, listTime } from '../words/times.ts'
import { formatRoute } from '../state/route.ts'
import { Icon } from '../elements/icon.tsx'

export interface MailRowProps {
  readonly submission: SubmissionSummary
  readonly open: boolean
  readonly cursor: boolean
  /** Its place in the whole list, from 1. */
  readonly place: number
  readonly of: number
}

export function rowElementId(submissionId: string): string {
  return `mail-${submissionId}`
}

export function MailRow({ submission, open, cursor, place, of }: MailRowProps): JSX.Element {
  const { id, subject, snippet, from, receivedAt, copyCount, tags } = submission
  const unread = !submission.read
  const now = new Date()

  return (
    <li aria-setsize={of} aria-posinset={place}>
      <a
        id={rowElementId(id)}
        class={`mail-row${unread ? ' is-unread' : ''}${cursor ? ' is-cursor' : ''}`}
        href={formatRoute({ page: 'submission', id, tab: 'preview' })}
        aria-current={open ? 'true' : undefined}
      >
        <span class="mail-row-line">
          {unread && <span class="unseen">Unread: </span>}
          <span class="mail-row-subject" dir="auto">
            {subject || '(no subject)'}
          </span>
          <Marks submission={submission} now={now} />
          <time dateTime={receivedAt} title={fullTime(receivedAt)}>
            {listTime(receivedAt, now)}
          </time>
        </span>
        <span class="mail-row-line">
          <span class="mail-row-people">
            <bdi>{shortAddress(from)}</bdi> <span aria-label="to">→</span>{' '}
            <bdi>{submission.envelope.to[0] ?? submission.to}</bdi>
          </span>
          {copyCount > 1 && <Copies count={copyCount} />}
          <Tags tags={tags} />
        </span>
        <span class="mail-row-line mail-row-snippet" dir="auto">
          {snippet || ' '}
        </span>
      </a>
    </li>
  )
}

function Copies({ count }: { readonly count: number }): JSX.Element {
  return (
    <span class="chip chip-count" title={`${count} recipients, a copy for each`}>
      × {count}
    </span>
  )
}

const mostTags = 2

function Tags({ tags }: { readonly tags: readonly string[] }): JSX.Element | null {
  if (tags.length === 0) return null
  return (
    <span class="mail-row-tags" title={`Tags: ${tags.join(', ')}`}>
      {tags.slice(0, mostTags).map((tag) => (
        <span class="chip" key={tag}>
          {tag}
        </span>
      ))}
      {tags.length > mostTags && <span class="chip chip-more">+{tags.length - mostTags}</span>}
    </span>
  )
}

interface MarksProps {
  readonly submission: SubmissionSummary
  readonly now: Date
}

function Marks({ submission, now }: MarksProps): JSX.Element {
  const { deliverBy, testMode, attachmentCount, diagnosticCount: problems } = submission
  return (
    <>
      {attachmentCount > 0 && (
        <span class="mark" title={attachmentsTitle(attachmentCount)}>
          <Icon name="clip" />
          <span aria-hidden="true">{attachmentCount > 1 ? attachmentCount : ''}</span>
          <span class="unseen">{attachmentsTitle(attachmentCount)}</span>
        </span>
      )}
      {problems > 0 && (
        <span class="mark mark-problem" title={problemsTitle(problems)}>
          <Icon name="warning" />
          <span aria-hidden="true">{problems > 1 ? problems : ''}</span>
          <span class="unseen">{problemsTitle(problems)}</span>
        </span>
      )}
      {testMode && (
        <span class="chip chip-test" title="Test mode: Mailgun accepts it and delivers nothing">
          test
        </span>
      )}
      {deliverBy !== null && (
        <span
          class="mark mark-scheduled"
          title={`To be delivered ${distance(deliverBy, now)}, ${dueTime(deliverBy)}`}
        >
          <Icon name="clock" />
          <span class="unseen">Scheduled</span>
        </span>
      )}
    </>
  )
}

function problemsTitle(count: number): string {
  return count === 1 ? '1 warning' : `${count} warnings`
}

function attachmentsTitle(count: number): string {
  return count === 1 ? '1 attachment' : `${count} attachments`
}
