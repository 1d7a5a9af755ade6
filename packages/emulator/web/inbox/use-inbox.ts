import { useCallback, useEffect, useState } from 'preact/hooks'
import { deleteSubmissions, getSubmissions, streamUrl, type SubmissionSummary } from '../api/api.ts'
import { emptyInbox, type Inbox, read, received, replaced } from './inbox.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** A recipient opened a copy, or followed a link of it. */
export interface Activity {
  readonly submissionId: string
  readonly messageId: string
}

export interface LiveInbox {
  readonly inbox: Inbox
  readonly connection: Connection
  /** Whether the list was fetched at least once. */
  readonly fetched: boolean
  /** What to say of the latest arrivals, for screen readers. */
  readonly announcement: string
  readonly activity: Activity | undefined
  readonly markRead: (id: string) => void
  readonly clear: () => void
}

// A newsletter sent one by one should cost one drawing of the list, not a thousand.
const gatherMs = 60
const retryMs = 2000

/** Follows the emulator: the list once, then each arrival, then the list again after a lost connection. */
export function useInbox(): LiveInbox {
  const [inbox, setInbox] = useState(emptyInbox)
  const [connection, setConnection] = useState<Connection>('connecting')
  const [fetched, setFetched] = useState(false)
  const [announcement, setAnnouncement] = useState('')
  const [activity, setActivity] = useState<Activity>()

  useEffect(
    () =>
      follow({
        onList: (submissions, since) => {
          setInbox((known) => received(replaced(known, submissions), since))
          setFetched(true)
        },
        onArrivals: (arrivals) => {
          setInbox((known) => received(known, arrivals))
          setAnnouncement(arrivals.length === 1 ? '1 new mail' : `${arrivals.length} new mails`)
        },
        onActivity: setActivity,
        onConnection: setConnection,
      }),
    [],
  )

  const markRead = useCallback((id: string) => setInbox((known) => read(known, id)), [])
  const clear = useCallback(() => {
    deleteSubmissions().then(
      () => {
        setInbox(emptyInbox)
        setAnnouncement('Inbox cleared')
      },
      () => setAnnouncement('The emulator did not clear the inbox'),
    )
  }, [])

  return { inbox, connection, fetched, announcement, activity, markRead, clear }
}

interface Listener {
  readonly onList: (
    submissions: readonly SubmissionSummary[],
    since: readonly SubmissionSummary[],
  ) => void
  readonly onArrivals: (arrivals: readonly SubmissionSummary[]) => void
  readonly onActivity: (activity: Activity) => void
  readonly onConnection: (connection: Connection) => void
}

/** Opens the stream and keeps it open; returns what ends it. */
function follow({ onList, onArrivals, onActivity, onConnection }: Listener): () => void {
  const stop = new AbortController()
  let source: EventSource | undefined
  let fetching: AbortController | undefined
  let gathered: SubmissionSummary[] = []
  let gathering: ReturnType<typeof setTimeout> | undefined
  let retrying: ReturnType<typeof setTimeout> | undefined

  const open = () => {
    source = new EventSource(streamUrl)
    source.addEventListener('open', () => void fetchList())
    source.addEventListener('submission', (event: MessageEvent<string>) => {
      gathered.push(JSON.parse(event.data) as SubmissionSummary)
      gathering ??= setTimeout(hand, gatherMs)
    })
    source.addEventListener('activity', (event: MessageEvent<string>) => {
      onActivity(JSON.parse(event.data) as Activity)
    })
    source.addEventListener('reset', () => void fetchList())
    source.addEventListener('error', lose)
  }

  // The stream is open before the list is asked for, so no mail falls between the two.
  const fetchList = async () => {
    fetching?.abort()
    const request = new AbortController()
    fetching = request
    gathered = []
    try {
      const submissions = await getSubmissions(AbortSignal.any([stop.signal, request.signal]))
      if (fetching !== request) return
      fetching = undefined
      onList(submissions, gathered.splice(0))
      onConnection('live')
    } catch {
      if (fetching === request) lose()
    }
  }

  const hand = () => {
    gathering = undefined
    if (fetching === undefined && gathered.length > 0) onArrivals(gathered.splice(0))
  }

  const lose = () => {
    if (stop.signal.aborted) return
    fetching?.abort()
    fetching = undefined
    onConnection('lost')
    // The browser reopens a stream that broke off, but not one that was refused.
    if (source?.readyState === EventSource.CONNECTING) return
    source?.close()
    clearTimeout(retrying)
    retrying = setTimeout(open, retryMs)
  }

  open()
  return () => {
    stop.abort()
    source?.close()
    clearTimeout(gathering)
    clearTimeout(retrying)
  }
}
