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
  response.writeHead(200, {
    ...safeHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    // nginx holds an answer back until it ends, unless it is told not to.
    'x-accel-buffering': 'no',
  })
  response.write('retry: 1000\n\n')
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  const heartbeat = setInterval(() => response.write(':\n\n'), limits.heartbeatMilliseconds).unref()
  const unsubscribe = inbox.subscribe((event) => {
    if (event.type === 'close') return stop()
    if (event.type === 'reset') waiting = []
    waiting.push(eventText(event, inbox))
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

function eventText(event: Exclude<InboxEvent, { type: 'close' }>, inbox: Inbox): string {
  if (event.type === 'reset') return 'event: reset\ndata: {}\n\n'
  const { id } = event.submission
  if (event.type === 'activity')
    return told('activity', { submissionId: id, messageId: event.copy.id })
  if (event.type === 'read') return told('read', { id, read: event.isRead })
  if (event.type === 'deletion') {
    return told('deletion', { id, total: inbox.submissions.length, forgotten: inbox.forgotten })
  }
  // A submission whose copies fell due is sent again, as it is now.
  const submission = inbox.submission(id)
  return submission ? told('submission', summarise(submission, inbox.isRead(id))) : ''
}

function told(type: string, about: object): string {
  return `event: ${type}\ndata: ${JSON.stringify(about)}\n\n`
}
