import type { JSX } from 'preact'
import { formatRoute } from '../state/route.ts'

/** Stands until the mail with this Message-ID arrives. */
export function Waiting({ messageId }: { readonly messageId: string }): JSX.Element {
  return (
    <section class="waiting" role="status">
      <span class="waiting-pulse" aria-hidden="true" />
      <h1>This mail has not arrived yet</h1>
      <p>It opens here as soon as it does.</p>
      <code>{messageId}</code>
      <a class="button" href={formatRoute({ page: 'list' })}>
        Show the inbox
      </a>
    </section>
  )
}
