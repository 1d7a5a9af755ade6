import type { JSX, RefObject } from 'preact'
import type { SubmissionSummary } from '../api/api.ts'
import { formatRoute } from '../state/route.ts'
import type { Connection, LiveInbox } from './use-inbox.ts'
import { Icon } from '../elements/icon.tsx'
import { Logo } from '../elements/logo.tsx'
import { MailList } from './mail-list.tsx'
import { SearchBox } from './search-box.tsx'

export interface SidebarProps {
  readonly live: LiveInbox
  readonly shown: readonly SubmissionSummary[]
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly searchBox: RefObject<HTMLInputElement | null>
  readonly cursor: string | undefined
  readonly openId: string | undefined
}

export function Sidebar(props: SidebarProps): JSX.Element {
  const { live, shown, query, onQuery, searchBox, cursor, openId } = props
  const { submissions, unread } = live.inbox

  return (
    <nav class="sidebar" aria-label="Inbox">
      <header class="sidebar-head">
        <a class="brand" href={formatRoute({ page: 'list' })}>
          <Logo />
          Mailgun emulator
        </a>
        <ConnectionState connection={live.connection} />
      </header>
      <SearchBox box={searchBox} query={query} onQuery={onQuery} />
      {submissions.length === 0 ? (
        <p class="list-note list-empty">{live.fetched && 'No mail yet'}</p>
      ) : shown.length === 0 ? (
        <div class="list-note">
          <p>No mail matches.</p>
          <button type="button" class="button" onClick={() => onQuery('')}>
            Show all {submissions.length}
          </button>
        </div>
      ) : (
        <MailList submissions={shown} unread={unread} cursor={cursor} openId={openId} />
      )}
      <footer class="sidebar-foot">
        <span>{countText(shown.length, submissions.length, unread.size)}</span>
        <a class="button button-quiet" href={formatRoute({ page: 'faults' })}>
          <Icon name="bolt" />
          Faults
        </a>
        <button
          type="button"
          class="button button-quiet"
          disabled={submissions.length === 0}
          onClick={live.clear}
        >
          <Icon name="trash" />
          Clear
        </button>
      </footer>
    </nav>
  )
}

const connectionWords: { readonly [State in Connection]: string } = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
}

function ConnectionState({ connection }: { readonly connection: Connection }): JSX.Element {
  const title =
    connection === 'lost'
      ? 'The emulator does not answer; trying again'
      : 'New mail appears by itself'
  return (
    <span class={`connection connection-${connection}`} role="status" title={title}>
      {connectionWords[connection]}
    </span>
  )
}

function countText(shown: number, all: number, unread: number): string {
  if (all === 0) return ''
  if (shown < all) return `${shown} of ${all}`
  return unread > 0 ? `${all} · ${unread} unread` : `${all} ${all === 1 ? 'mail' : 'mails'}`
}
