import type { JSX, RefObject } from 'preact'
import { activityText, followed } from './activity.ts'
import { splitAddress } from '../words/address.ts'
import { type Attachment, type Copy, partUrl, type SubmissionDetail } from '../api/api.ts'
import { byteSize } from '../words/byte-size.ts'
import { distance, dueTime, fullTime } from '../words/times.ts'
import { hopText, isRemarkable } from './last-hop.ts'
import { formatRoute } from '../state/route.ts'
import { Icon } from '../elements/icon.tsx'

export interface MessageHeadProps {
  readonly submission: SubmissionDetail
  readonly copy: Copy | undefined
  readonly attachments: readonly Attachment[]
  readonly heading: RefObject<HTMLHeadingElement | null>
}

export function MessageHead(props: MessageHeadProps): JSX.Element {
  const { submission, copy, attachments, heading } = props
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
      </div>
      <dl class="message-people">
        <Person role="From" header={submission.from || submission.envelope.from} />
        <Person role="To" header={copy?.to || submission.to || submission.envelope.to.join(', ')} />
      </dl>
      <Facts submission={submission} copy={copy} />
      {copy && attachments.length > 0 && <Attachments copyId={copy.id} attachments={attachments} />}
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
}: Omit<MessageHeadProps, 'attachments' | 'heading'>): JSX.Element | null {
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

interface AttachmentsProps {
  readonly copyId: string
  readonly attachments: readonly Attachment[]
}

function Attachments({ copyId, attachments }: AttachmentsProps): JSX.Element {
  return (
    <ul class="chips" aria-label="Attachments">
      {attachments.map(({ n, filename, contentType, size }) => (
        <li key={n}>
          <a
            class="attachment"
            href={partUrl(copyId, n)}
            download={filename ?? `part-${n}`}
            title={`Download (${contentType})`}
          >
            <Icon name="clip" />
            <bdi>{filename ?? contentType}</bdi>
            <span class="attachment-size">{byteSize(size)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
