import type { SubmissionSummary } from '../../src/http/answers.ts'
import { streamUrl } from '../api/api.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** A recipient opened a copy, or followed a link of it. */
export interface Activity {
  readonly submissionId: string
  readonly messageId: string
}

/** What the page does when something happens in the emulator. */
export interface StreamListener {
  /** The stream is open, or open again, or there is none and time has passed: ask for the list. */
  readonly onOpen: () => void
  readonly onArrivals: (arrivals: readonly SubmissionSummary[]) => void
  readonly onActivity: (activity: Activity) => void
  readonly onRead: (change: { readonly id: string; readonly read: boolean }) => void
  readonly onDeletion: (change: {
    readonly id: string
    readonly total: number
    readonly forgotten: number
  }) => void
  readonly onConnection: (connection: Connection) => void
}

// A newsletter sent one by one should cost one drawing of the list, not a thousand.
const gatherMs = 60
const retryMs = 2000
// Behind a proxy that holds the stream back, the list is asked for again and again.
const pollMs = 3000

/** Opens the stream of events and keeps it open; returns what ends it. */
export function follow(listener: StreamListener): () => void {
  let source: EventSource | undefined
  let gathered: SubmissionSummary[] = []
  let gathering: ReturnType<typeof setTimeout> | undefined
  let retrying: ReturnType<typeof setTimeout> | undefined
  let isLive = false
  let isStopped = false

  const hand = () => {
    gathering = undefined
    listener.onArrivals(gathered.splice(0))
  }

  const open = () => {
    source = new EventSource(streamUrl)
    source.addEventListener('open', () => {
      isLive = true
      gathered = []
      listener.onConnection('live')
      listener.onOpen()
    })
    on(source, 'submission', (arrival: SubmissionSummary) => {
      gathered.push(arrival)
      gathering ??= setTimeout(hand, gatherMs)
    })
    on(source, 'activity', listener.onActivity)
    on(source, 'read', listener.onRead)
    on(source, 'deletion', listener.onDeletion)
    on(source, 'reset', listener.onOpen)
    source.addEventListener('error', lose)
  }

  const lose = () => {
    if (isStopped) return
    isLive = false
    listener.onConnection('lost')
    // The browser reopens a stream that broke off, but not one that was refused.
    if (source?.readyState === EventSource.CONNECTING) return
    source?.close()
    clearTimeout(retrying)
    retrying = setTimeout(open, retryMs)
  }

  const polling = setInterval(() => {
    if (!isLive) listener.onOpen()
  }, pollMs)
  listener.onOpen()
  open()
  return () => {
    isStopped = true
    source?.close()
    clearTimeout(gathering)
    clearTimeout(retrying)
    clearInterval(polling)
  }
}

function on<Data>(source: EventSource, type: string, listen: (data: Data) => void): void {
  source.addEventListener(type, (event: MessageEvent<string>) => {
    listen(JSON.parse(event.data) as Data)
  })
}
