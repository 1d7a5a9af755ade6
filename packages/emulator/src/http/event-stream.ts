import type { ServerResponse } from 'node:http'
import type { Inbox, InboxEvent } from '../inbox/inbox.ts'
import { safeHeaders } from './reply.ts'
import { summarise } from './summary.ts'

const limits = {
  heartbeatMilliseconds: 15_000,
  /** A page draws no faster than this anyway. */
  intervalMilliseconds: 250,
  /** A page that is so far behind had better ask for the list again: its stream ends, and it reconnects. */
  waitingEvents: 1_000,
}

/** Sends what happens in the inbox to a page, as server-sent events. */
export function streamEvents(inbox: Inbox, response: ServerResponse): void {
  response.writeHead(200, { ...safeHeaders, 'content-type': 'text/event-stream; charset=utf-8' })
  response.write('retry: 1000\n\n')
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  const heartbeat = setInterval(() => response.write(':\n\n'), limits.heartbeatMilliseconds).unref()
  const unsubscribe = inbox.subscribe((event) => {
    if (event.type === 'close') return stop()
    if (event.type === 'reset') waiting = []
    waiting.push(eventText(event))
    if (waiting.length > limits.waitingEvents) stop()
    else if (!timer) flush()
  })
  response.on('drain', flush)
  response.on('close', stop)

  function flush(): void {
    timer = undefined
    if (waiting.length === 0 || response.writableNeedDrain) return
    response.write(waiting.join(''))
    waiting = []
    // Events that follow soon go out together.
    timer = setTimeout(flush, limits.intervalMilliseconds).unref()
  }

  function stop(): void {
    unsubscribe()
    clearInterval(heartbeat)
    clearTimeout(timer)
    response.off('drain', flush)
    response.end()
  }
}

function eventText(event: Exclude<InboxEvent, { type: 'close' }>): string {
  if (event.type === 'reset') return 'event: reset\ndata: {}\n\n'
  if (event.type === 'activity') {
    const about = { submissionId: event.submission.id, messageId: event.message.id }
    return `event: activity\ndata: ${JSON.stringify(about)}\n\n`
  }
  // A submission whose copies fell due is sent again, as it is now.
  return `event: submission\ndata: ${JSON.stringify(summarise(event.submission))}\n\n`
}
