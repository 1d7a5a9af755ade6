import type { JSX, RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { activityText, followed } from './activity.ts'
import { splitAddress } from '../words/address.ts'
import type { AttachmentSummary, CopySummary, SubmissionDetail } from '../../src/http/answers.ts'
import { partUrl } from '../api/api.ts'
import { byteSize } from '../words/byte-size.ts'
import { distance, dueTime, fullTime } from '../words/times.ts'
import { hopText, isRemarkable } from './last-hop.ts'
import { formatRoute } from '../state/route.ts'
import { Icon } from '../elements/icon.tsx'
import { Question } from '../elements/question.tsx'

export interface MessageHeadProps {
  readonly submission: SubmissionDetail
  readonly copy: CopySummary | undefined
  readonly attachments: readonly AttachmentSummary[]
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly onRemove: () => void
}

export function MessageHead(props: MessageHeadProps): JSX.Element {
  const { submission, copy, attachments, heading, onRemove } = props
  const { cc, replyTo, bcc } = submission
  const [isAsking, setIsAsking] = useState(false)
  const subject = copy?.subject ?? submission.subject

  return (
    <header class="message-head">
      <a class="button button-quiet message-back" href={formatRoute({ page: 'list' })}>
        <Icon name="back" />
        Inbox
      </a>
      <div class="message-title">
        <h1 ref={heading} tabIndex={-1} dir="auto" title={subject}>
          {subject || '(no subject)'}
        </h1>
        <time dateTime={submission.receivedAt}>{fullTime(submission.receivedAt)}</time>
        <button
          type="button"
          class="icon-button"
          aria-label="Delete this message"
          title="Delete this message"
          onClick={() => setIsAsking(true)}
        >
          <Icon name="trash" />
        </button>
      </div>
      <dl class="message-people">
        <Person role="From" header={submission.from || submission.envelope.from} />
        <Person role="To" header={copy?.to || submission.to || submission.envelope.to.join(', ')} />
        {cc !== '' && <Person role="Cc" header={cc} />}
        {bcc.length > 0 && <Person role="Bcc" header={shortened(bcc)} />}
        {replyTo !== '' && <Person role="Reply to" header={replyTo} />}
      </dl>
      <Facts submission={submission} copy={copy} />
      {copy && attachments.length > 0 && (
        <Attachments submissionId={submission.id} copyId={copy.id} attachments={attachments} />
      )}
      {isAsking && (
        <Question
          title="Delete this message?"
          action="Delete"
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            onRemove()
          }}
        >
          All its copies are deleted, and its file if mail is kept in a folder. It cannot be
          restored.
        </Question>
      )}
    </header>
  )
}

function Person({ role, header }: { readonly role: string; readonly header: string }): JSX.Element {
  const { name, address } = splitAddress(header)
  return (
    <div>
      <dt>{role}</dt>
      <dd>
        {name && <bdi class="person-name">{name}</bdi>}
        <bdi>{address}</bdi>
      </dd>
    </div>
  )
}

/** What Mailgun would make of it, in chips. */
function Facts({
  submission,
  copy,
}: Pick<MessageHeadProps, 'submission' | 'copy'>): JSX.Element | null {
  const { tags, deliverBy, testMode, diagnostics } = submission
  const hop = copy?.deliveryStatus
  const shownHop = hop && isRemarkable(hop) ? hop : undefined
  const isPlain = tags.length === 0 && deliverBy === null && !testMode && diagnostics.length === 0
  const activity = copy ? activityText(copy) : ''
  if (isPlain && !shownHop && activity === '') return null

  return (
    <ul class="chips">
      {diagnostics.length > 0 && (
        <li>
          <a
            class="chip chip-problem"
            href={formatRoute({ page: 'submission', id: submission.id, tab: 'mailgun' })}
          >
            <Icon name="warning" />
            {diagnostics.length === 1 ? '1 warning' : `${diagnostics.length} warnings`}
          </a>
        </li>
      )}
      {shownHop && (
        <li class="chip chip-problem" title={`to ${shownHop.mxHost}`}>
          <Icon name="warning" />
          {hopText(shownHop)}
        </li>
      )}
      {copy && activity !== '' && (
        <li class="chip" title={followed(copy).join('\n')}>
          {activity}
        </li>
      )}
      {testMode && <li class="chip chip-test">test mode, not delivered</li>}
      {deliverBy !== null && (
        <li class="chip chip-scheduled">
          <Icon name="clock" />
          <span>
            {dueTime(deliverBy)}, {distance(deliverBy, new Date())}
          </span>
        </li>
      )}
      {tags.map((tag) => (
        <li class="chip" key={tag}>
          {tag}
        </li>
      ))}
    </ul>
  )
}

const mostNamed = 5

function shortened(addresses: readonly string[]): string {
  const rest = addresses.length - mostNamed
  const named = addresses.slice(0, mostNamed).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}

interface AttachmentsProps {
  readonly submissionId: string
  readonly copyId: string
  readonly attachments: readonly AttachmentSummary[]
}

function Attachments({ submissionId, copyId, attachments }: AttachmentsProps): JSX.Element {
  return (
    <ul class="chips" aria-label="Attachments">
      {attachments.map(({ n, filename, contentType, size, isImage, mail }) => (
        <li key={n}>
          <a
            class="attachment"
            href={partUrl(copyId, n)}
            download={filename ?? `part-${n}`}
            title={`Download (${contentType})`}
          >
            {isImage ? (
              <img src={partUrl(copyId, n)} alt="" loading="lazy" />
            ) : (
              <Icon name="clip" />
            )}
            <bdi>{filename ?? contentType}</bdi>
            <span class="attachment-size">{byteSize(size)}</span>
          </a>
          {mail !== null && (
            <a
              class="attachment-open"
              href={formatRoute({ page: 'submission', id: submissionId, tab: 'parts' })}
            >
              Open: {mail.subject || '(no subject)'}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
