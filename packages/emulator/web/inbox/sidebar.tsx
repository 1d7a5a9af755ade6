import type { JSX, RefObject } from 'preact'
import { useState } from 'preact/hooks'
import { useResource } from '../state/use-resource.ts'
import { getInfo } from '../api/api.ts'
import { Icon } from '../elements/icon.tsx'
import { Logo } from '../elements/logo.tsx'
import { Question } from '../elements/question.tsx'
import { formatRoute } from '../state/route.ts'
import type { Connection } from './follow.ts'
import type { Inbox } from './inbox.ts'
import { MailList } from './mail-list.tsx'
import { SearchBox } from './search-box.tsx'
import type { LiveInbox } from './use-inbox.ts'

export interface SidebarProps {
  readonly live: LiveInbox
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly searchBox: RefObject<HTMLInputElement | null>
  readonly cursor: string | undefined
  readonly openId: string | undefined
}

export function Sidebar(props: SidebarProps): JSX.Element {
  const { live, query, onQuery, searchBox, cursor, openId } = props
  const { inbox, refusal } = live
  const [isAsking, setIsAsking] = useState(false)

  return (
    <nav class="sidebar" aria-label="Inbox">
      <header class="sidebar-head">
        <a class="brand" href={formatRoute({ page: 'list' })}>
          <Logo />
          Mailgun emulator
        </a>
        <ConnectionState connection={live.connection} />
      </header>
      <SearchBox box={searchBox} query={query} onQuery={onQuery} refusal={refusal} />
      {refusal !== undefined ? (
        <p class="list-note" role="alert">
          {refusal}
        </p>
      ) : inbox.total === 0 ? (
        <p class="list-note list-empty">{live.fetched && 'No mail yet'}</p>
      ) : inbox.submissions.length === 0 ? (
        <div class="list-note">
          <p>No message matches.</p>
          <button type="button" class="button" onClick={() => onQuery('')}>
            Show all {inbox.total}
          </button>
        </div>
      ) : (
        <MailList
          submissions={inbox.submissions}
          onEnd={inbox.next === null ? undefined : live.loadMore}
          cursor={cursor}
          openId={openId}
        />
      )}
      {inbox.forgotten > 0 && (
        <p class="list-forgotten">
          {inbox.forgotten} older {inbox.forgotten === 1 ? 'message' : 'messages'} made room for
          newer ones.
        </p>
      )}
      <footer class="sidebar-foot">
        <span>{countText(inbox)}</span>
        <a class="button button-quiet" href={formatRoute({ page: 'faults' })}>
          <Icon name="bolt" />
          Faults
        </a>
        <button
          type="button"
          class="button button-quiet"
          disabled={inbox.total === 0}
          onClick={() => setIsAsking(true)}
        >
          <Icon name="trash" />
          Clear
        </button>
      </footer>
      {isAsking && (
        <ClearQuestion
          total={inbox.total}
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            live.clear()
          }}
        />
      )}
    </nav>
  )
}

const load = (_key: string, signal: AbortSignal) => getInfo(signal)

interface ClearQuestionProps {
  readonly total: number
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

function ClearQuestion({ total, onConfirm, onCancel }: ClearQuestionProps): JSX.Element {
  const info = useResource('info', load)
  const directory = info.state === 'ready' ? info.value.directory : null
  return (
    <Question
      title={total === 1 ? 'Delete the message?' : `Delete all ${total} messages?`}
      action="Delete"
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      They cannot be restored.
      {directory !== null && ` Their files in ${directory} are deleted, too.`}
    </Question>
  )
}

const connectionWords: { readonly [State in Connection]: string } = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
}

function ConnectionState({ connection }: { readonly connection: Connection }): JSX.Element {
  const title =
    connection === 'live' ? 'New mail appears by itself' : 'Asking for new mail every few seconds'
  return (
    <span class={`connection connection-${connection}`} role="status" title={title}>
      {connectionWords[connection]}
    </span>
  )
}

function countText({ search, matching, total, unread }: Inbox): string {
  if (total === 0) return ''
  if (search !== '') return `${matching} of ${total}`
  if (unread > 0) return `${total} · ${unread} unread`
  return `${total} ${total === 1 ? 'message' : 'messages'}`
}
