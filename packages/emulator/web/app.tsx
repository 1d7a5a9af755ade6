import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Sidebar } from './inbox/sidebar.tsx'
import { Connect } from './connect/connect.tsx'
import { FaultPage } from './faults/fault-page.tsx'
import { MessagePage } from './message/message-page.tsx'
import { Waiting } from './message/waiting.tsx'
import { findByMessageId } from './inbox/inbox.ts'
import { navigate, type Route } from './state/route.ts'
import { search } from './inbox/search.ts'
import { useInbox } from './inbox/use-inbox.ts'
import { useKeyboard } from './inbox/use-keyboard.ts'
import { useRoute } from './state/use-route.ts'

export function App(): JSX.Element {
  const live = useInbox()
  const route = useRoute()
  const [query, setQuery] = useState('')
  const [cursor, setCursor] = useState<string>()
  const [opened, setOpened] = useState<string>()
  const searchBox = useRef<HTMLInputElement>(null)

  const { submissions, unread } = live.inbox
  const shown = useMemo(() => search(submissions, query), [submissions, query])
  const isOpen = route.page === 'submission' || route.page === 'message'
  const openId = route.page === 'submission' ? route.id : isOpen ? opened : undefined
  const { markRead } = live

  useKeyboard({ shown, cursor, openId, isList: route.page === 'list', setCursor, searchBox })

  useEffect(() => {
    if (openId !== undefined) setCursor(openId)
  }, [openId])

  const openUnread = openId !== undefined && unread.has(openId)
  useEffect(() => {
    if (openUnread) markRead(openId)
  }, [openId, openUnread, markRead])

  useEffect(() => {
    if (route.page !== 'message-id') return
    const found = findByMessageId(live.inbox, route.messageId)
    if (found) navigate({ page: 'submission', id: found.id, tab: 'preview' }, 'replace')
  }, [route, live.inbox])

  const hadMail = useRef(false)
  useEffect(() => {
    if (hadMail.current && submissions.length === 0) navigate({ page: 'list' }, 'replace')
    hadMail.current = submissions.length > 0
  }, [submissions])

  useEffect(() => {
    document.title = `${unread.size > 0 ? `(${unread.size}) ` : ''}Mailgun emulator`
  }, [unread.size])

  return (
    <div class="app" data-view={view(route, submissions.length)}>
      <Sidebar
        live={live}
        shown={shown}
        query={query}
        onQuery={setQuery}
        searchBox={searchBox}
        cursor={cursor}
        openId={openId}
      />
      <main class="pane" aria-label="Message">
        {isOpen ? (
          <MessagePage route={route} activity={live.activity} onOpened={setOpened} />
        ) : route.page === 'message-id' ? (
          <Waiting messageId={route.messageId} />
        ) : route.page === 'faults' ? (
          <FaultPage mails={submissions.length} />
        ) : (
          <Connect hasMail={submissions.length > 0} />
        )}
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {live.announcement}
      </p>
    </div>
  )
}

// What a phone shows, which has room for one pane; with no mail, how to connect stands under the head.
function view(route: Route, mails: number): 'list' | 'message' | 'empty' {
  if (route.page !== 'list') return 'message'
  return mails === 0 ? 'empty' : 'list'
}
