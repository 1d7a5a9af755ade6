import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { EmulatorRequestError } from '../../src/client/api.ts'
import { deleteSubmission, deleteSubmissions, getSubmissions, markRead } from '../api/api.ts'
import { type Activity, type Connection, follow } from './follow.ts'
import { emptyInbox, extended, type Inbox, marked, received, removed, replaced } from './inbox.ts'

export interface LiveInbox {
  readonly inbox: Inbox
  readonly connection: Connection
  /** Whether the list was fetched at least once. */
  readonly fetched: boolean
  /** Why the search cannot be meant, if it cannot. */
  readonly refusal: string | undefined
  /** What to say of the latest arrivals, for screen readers. */
  readonly announcement: string
  readonly activity: Activity | undefined
  /** Asks for the next page of the list, if there is one. */
  readonly loadMore: () => void
  readonly markRead: (id: string) => void
  readonly remove: (id: string) => void
  readonly clear: () => void
}

// As fast as fingers type, but not faster.
const searchMs = 150

/** Follows the emulator: the list, then each arrival; a search is asked for anew when mail arrives. */
export function useInbox(search: string): LiveInbox {
  const [inbox, setInbox] = useState(emptyInbox)
  const [connection, setConnection] = useState<Connection>('connecting')
  const [fetched, setFetched] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const [announcement, setAnnouncement] = useState('')
  const [activity, setActivity] = useState<Activity>()
  const fetching = useRef<AbortController | undefined>(undefined)
  const latest = useRef({ search, inbox })
  latest.current = { search, inbox }

  const fetchList = useCallback(async () => {
    fetching.current?.abort()
    const request = new AbortController()
    fetching.current = request
    const wanted = latest.current.search.trim()
    try {
      const list = await getSubmissions({ search: wanted }, request.signal)
      if (fetching.current !== request) return
      setInbox(replaced(wanted, list))
      setRefusal(undefined)
      setFetched(true)
    } catch (error) {
      if (error instanceof EmulatorRequestError && error.status === 400) setRefusal(error.message)
    } finally {
      if (fetching.current === request) fetching.current = undefined
    }
  }, [])

  useEffect(() => {
    const timer = setTimeout(() => void fetchList(), search === '' ? 0 : searchMs)
    return () => clearTimeout(timer)
  }, [search, fetchList])

  useEffect(() => {
    let searching: ReturnType<typeof setTimeout> | undefined
    const stop = follow({
      onOpen: () => void fetchList(),
      onArrivals: (arrivals) => {
        setInbox((known) => received(known, arrivals))
        setAnnouncement(arrivals.length === 1 ? '1 new message' : `${arrivals.length} new messages`)
        // Whether they belong to a search, or came while the list was on its way, the emulator tells.
        if (latest.current.search === '' && fetching.current === undefined) return
        clearTimeout(searching)
        searching = setTimeout(() => void fetchList(), searchMs)
      },
      onActivity: setActivity,
      onRead: ({ id, read }) => setInbox((known) => marked(known, id, read)),
      onDeletion: (change) => setInbox((known) => removed(known, change)),
      onConnection: setConnection,
    })
    return () => {
      clearTimeout(searching)
      stop()
    }
  }, [fetchList])

  const loadMore = useCallback(() => {
    const { next, search: shown } = latest.current.inbox
    if (next === null || fetching.current) return
    const request = new AbortController()
    fetching.current = request
    getSubmissions({ search: shown, before: next }, request.signal)
      .then((list) => {
        if (fetching.current === request) setInbox((known) => extended(known, list))
      })
      // The list has changed meanwhile: it is asked for from its beginning.
      .catch(() => (request.signal.aborted ? undefined : fetchList()))
      .finally(() => {
        if (fetching.current === request) fetching.current = undefined
      })
  }, [fetchList])

  const setRead = useCallback((id: string) => {
    setInbox((known) => marked(known, id, true))
    markRead(id, true).catch(() => undefined)
  }, [])
  const remove = useCallback((id: string) => {
    deleteSubmission(id).then(
      () => setAnnouncement('Message deleted'),
      () => setAnnouncement('The emulator did not delete the message'),
    )
  }, [])
  const clear = useCallback(() => {
    deleteSubmissions().then(
      () => {
        setInbox(emptyInbox)
        setAnnouncement('Inbox cleared')
      },
      () => setAnnouncement('The emulator did not clear the inbox'),
    )
  }, [])

  return {
    inbox,
    connection,
    fetched,
    refusal,
    announcement,
    activity,
    loadMore,
    markRead: setRead,
    remove,
    clear,
  }
}
