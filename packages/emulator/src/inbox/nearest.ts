import type { Mailbox } from './mailbox.ts'
import { differences, type MessageCondition } from './message-filter.ts'

/** Who waits for a message means one of the last. */
const compared = { submissions: 200, messages: 1_000 }

/** Up to five of the newest messages and what differs: those with the fewest differences, and of these the newest. */
export function nearestMessages({ submissions }: Mailbox, condition: MessageCondition): string {
  const newest = submissions
    .slice(-compared.submissions)
    .flatMap(({ messages }) => messages)
    .slice(-compared.messages)
  const differing = newest.toReversed().map((message) => ({
    message,
    found: differences(message, typeof condition === 'function' ? {} : condition),
  }))
  return differing
    .toSorted((one, other) => one.found.length - other.found.length)
    .slice(0, 5)
    .map(({ message, found }) => {
      const what = found.map((each) => `${each.field} is ${each.found}, not ${each.wanted}`)
      return `  '${message.subject}' to ${message.recipient}${what.length ? `: ${what.join('; ')}` : ''}`
    })
    .join('\n')
}
