import type { Mailbox } from './mailbox.ts'
import { differences, type MessageCondition } from './message-filter.ts'

/** Up to five messages and what differs: those with the fewest differences, and of these the newest. */
export function nearestMessages({ messages }: Mailbox, condition: MessageCondition): string {
  const compared = messages.toReversed().map((message) => ({
    message,
    found: differences(message, typeof condition === 'function' ? {} : condition),
  }))
  return compared
    .toSorted((one, other) => one.found.length - other.found.length)
    .slice(0, 5)
    .map(({ message, found }) => {
      const what = found.map((each) => `${each.field} is ${each.found}, not ${each.wanted}`)
      return `  '${message.subject}' to ${message.recipient}${what.length ? `: ${what.join('; ')}` : ''}`
    })
    .join('\n')
}
