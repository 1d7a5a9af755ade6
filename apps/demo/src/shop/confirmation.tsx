import type { ReactElement } from 'react'
import { inboxLink, type Places } from './places.ts'
import type { Confirmation } from './sent-mail.ts'

interface ConfirmationBoxProps {
  readonly confirmation: Confirmation
  readonly places: Places
  /** Where the form is, to write another. */
  readonly again: string
}

const day = new Intl.DateTimeFormat('en-IE', { dateStyle: 'full', timeStyle: 'short' })

/** What the receipt says, and the way to the message. */
export function ConfirmationBox({
  confirmation,
  places,
  again,
}: ConfirmationBoxProps): ReactElement {
  const { messageId, accepted, refused, reply, deliverBy } = confirmation
  return (
    <div className="confirmation" role="status">
      <h2>{deliverBy ? 'Taken, and kept until its hour.' : 'The letter is on its way.'}</h2>
      <dl>
        {messageId && (
          <>
            <dt>Message-ID</dt>
            <dd className="code">{messageId}</dd>
          </>
        )}
        {accepted !== undefined && (
          <>
            <dt>Accepted</dt>
            <dd>{people(accepted)}</dd>
          </>
        )}
        {!!refused && (
          <>
            <dt>Refused</dt>
            <dd>{people(refused)}</dd>
          </>
        )}
        {reply && (
          <>
            <dt>Reply</dt>
            <dd className="code">{reply}</dd>
          </>
        )}
        {deliverBy && (
          <>
            <dt>Deliver by</dt>
            <dd>{day.format(deliverBy)}</dd>
          </>
        )}
      </dl>
      <p className="ways">
        {messageId && places.inbox && (
          <a className="button" href={inboxLink(places.inbox, messageId)}>
            Read it in the inbox
          </a>
        )}
        {messageId && !places.inbox && (
          <span>Sent through Mailgun: look for the Message-ID in its log.</span>
        )}
        <a href={again}>Write another</a>
      </p>
    </div>
  )
}

function people(count: number): string {
  return count === 1 ? '1 recipient' : `${count} recipients`
}
