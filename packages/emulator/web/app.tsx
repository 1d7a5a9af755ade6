import type { JSX } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { Connect } from './connect/connect.tsx'
import { FaultPage } from './faults/fault-page.tsx'
import { findByMessageId } from './inbox/inbox.ts'
import { Sidebar } from './inbox/sidebar.tsx'
import { useInbox } from './inbox/use-inbox.ts'
import { useKeyboard } from './inbox/use-keyboard.ts'
import { MessagePage } from './message/message-page.tsx'
import { Waiting } from './message/waiting.tsx'
import { navigate, type Route } from './state/route.ts'
import { useRoute } from './state/use-route.ts'

export function App(): JSX.Element {
  const route = useRoute()
  const [query, setQuery] = useState('')
  const live = useInbox(query)
  const [cursor, setCursor] = useState<string>()
  const [opened, setOpened] = useState<string>()
  const searchBox = useRef<HTMLInputElement>(null)

  const { submissions, total, unread } = live.inbox
  const isOpen = route.page === 'submission' || route.page === 'message'
  const openId = route.page === 'submission' ? route.id : isOpen ? opened : undefined
  const { markRead, remove } = live

  useKeyboard({
    shown: submissions,
    cursor,
    openId,
    isList: route.page === 'list',
    setCursor,
    searchBox,
    clearSearch: useCallback(() => setQuery(''), []),
  })

  useEffect(() => {
    if (openId !== undefined) setCursor(openId)
  }, [openId])

  const isUnread = submissions.some(({ id, read }) => id === openId && !read)
  useEffect(() => {
    if (openId !== undefined && isUnread) markRead(openId)
  }, [openId, isUnread, markRead])

  useEffect(() => {
    if (route.page !== 'message-id') return
    const found = findByMessageId(live.inbox, route.messageId)
    if (found) navigate({ page: 'submission', id: found.id, tab: 'preview' }, 'replace')
  }, [route, live.inbox])

  const hadMail = useRef(false)
  useEffect(() => {
    if (hadMail.current && total === 0) navigate({ page: 'list' }, 'replace')
    hadMail.current = total > 0
  }, [total])

  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}Mailgun emulator`
  }, [unread])

  const removeOpen = useCallback(
    (id: string) => {
      const at = submissions.findIndex((submission) => submission.id === id)
      const next = submissions[at + 1] ?? submissions[at - 1]
      navigate(
        next ? { page: 'submission', id: next.id, tab: 'preview' } : { page: 'list' },
        'replace',
      )
      remove(id)
    },
    [submissions, remove],
  )

  return (
    <div class="app" data-view={view(route, total)}>
      <Sidebar
        live={live}
        query={query}
        onQuery={setQuery}
        searchBox={searchBox}
        cursor={cursor}
        openId={openId}
      />
      <main class="pane" aria-label="Message">
        {isOpen ? (
          <MessagePage
            route={route}
            activity={live.activity}
            onOpened={setOpened}
            onRemove={removeOpen}
          />
        ) : route.page === 'message-id' ? (
          <Waiting messageId={route.messageId} />
        ) : route.page === 'faults' ? (
          <FaultPage mails={total} />
        ) : (
          <Connect hasMail={total > 0} />
        )}
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {live.announcement}
      </p>
    </div>
  )
}

// What a phone shows, which has room for one pane; with no mail, how to connect is under the head.
function view(route: Route, mails: number): 'list' | 'message' | 'empty' {
  if (route.page !== 'list') return 'message'
  return mails === 0 ? 'empty' : 'list'
}
