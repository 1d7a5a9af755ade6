import type { ReactElement } from 'react'
import { Sheet } from './artwork.tsx'
import { brand, trade } from './brand.ts'
import { allFlows, type Flow } from './flows.ts'
import type { Places } from './places.ts'

interface MastheadProps {
  readonly places: Places
  /** The flow that the page belongs to. */
  readonly flow?: Flow | undefined
}

/** The head of every page: the shop's name, the four flows and the inbox. */
export function Masthead({ places, flow }: MastheadProps): ReactElement {
  return (
    <header className="masthead">
      <a className="skip" href="#content">
        Skip to the page
      </a>
      <a className="wordmark" href={`${places.shop}/`}>
        <Sheet />
        <span>{brand}</span>
      </a>
      <nav aria-label="Shop">
        {allFlows.map((one) => (
          <a
            key={one.name}
            href={one.href(places)}
            aria-current={one.name === flow?.name ? 'page' : undefined}
          >
            {one.name}
          </a>
        ))}
        {places.inbox && (
          <a className="inbox-link" href={places.inbox}>
            Inbox <span aria-hidden="true">↗</span>
          </a>
        )}
      </nav>
      {!places.inbox && (
        <p className="real-mail">
          Real mail: what you send here leaves through Mailgun, from {places.domain}.
        </p>
      )}
    </header>
  )
}

/** The foot of every page. */
export function Colophon({ places }: { readonly places: Places }): ReactElement {
  return (
    <footer className="colophon">
      <p>
        {brand} · {trade}
      </p>
      <p>
        {places.inbox
          ? `An invented shop. Its mail goes to an emulator at ${places.smtp} and no further.`
          : `An invented shop. Its mail goes to ${places.smtp}.`}
      </p>
    </footer>
  )
}
