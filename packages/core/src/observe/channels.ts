import { channel, type Channel } from 'node:diagnostics_channel'
import type { SendEnd, SendObserver, SendRetry, SendStart } from './send-events.ts'

const start = channel('mailgun-smtp:send:start')
const retry = channel('mailgun-smtp:send:retry')
const end = channel('mailgun-smtp:send:end')

/** Node's diagnostics channels. What a subscriber throws, Node makes an uncaught exception: it does not reach the send. */
export const channels: SendObserver = {
  name: 'A diagnostics channel',
  listens: () => start.hasSubscribers || retry.hasSubscribers || end.hasSubscribers,
  start(event) {
    publish(start, event)
    return publication
  },
}

const publication = {
  retry: (event: SendRetry): void => publish(retry, event),
  end: (event: SendEnd): void => publish(end, event),
}

function publish(to: Channel, event: SendStart | SendRetry | SendEnd): void {
  if (to.hasSubscribers) to.publish(event)
}
