import { rcptForm } from './rcpt-form.ts'
import { readMailbox, readMailboxes } from './address.ts'
import type { MailgunMessage } from './message.ts'

/** Whom a final message is from and for, by its envelope if it has one. */
export function envelopeOf(message: MailgunMessage): { from: string; to: string[] } {
  const { envelope } = message
  if (envelope) {
    const { from, to } = envelope
    return {
      from: from ? readMailbox(from, 'envelope.from').address : '',
      to: addressesOf(to, 'envelope.to'),
    }
  }
  return {
    from: readMailbox(message.from, 'from').address,
    to: [
      ...new Set(
        (['to', 'cc', 'bcc'] as const).flatMap((field) => addressesOf(message[field], field)),
      ),
    ],
  }
}

/** Whom a final message is for, as RCPT will say it. */
export function recipientsOf(message: MailgunMessage): string[] {
  return envelopeOf(message).to.map(rcptForm)
}

function addressesOf(value: unknown, path: string): string[] {
  return value === undefined ? [] : readMailboxes(value, path).map(({ address }) => address)
}
