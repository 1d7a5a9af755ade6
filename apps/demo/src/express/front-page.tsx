import type { ReactElement } from 'react'
import { StillLife } from '../shop/artwork.tsx'
import { Document } from '../shop/document.tsx'
import { allFlows } from '../shop/flows.ts'
import type { Places } from '../shop/places.ts'

/** The front of the shop: what it is, the four flows, and where the mail goes. */
export function FrontPage({ places }: { readonly places: Places }): ReactElement {
  return (
    <Document title="Paper, thread and ink" places={places}>
      <div className="front">
        <div>
          <h1>A small shop that writes to its customers.</h1>
          <p className="lead">
            Deckle is invented, its letters are real: four of them, sent from NestJS, Express and
            Next.js. Each page holds a form and, beside it, the very code that sends the mail.{' '}
            {places.inbox
              ? 'The mail travels over SMTP, with TLS and a login, to an emulator on this machine that reads it as Mailgun would, and no further.'
              : 'The mail travels over SMTP, with TLS and your login, to Mailgun, and on to whomever you name.'}
          </p>
        </div>
        <StillLife />
      </div>
      <ol className="flows">
        {allFlows.map((flow) => (
          <li key={flow.name}>
            <p className="framework">{flow.framework}</p>
            <h2>
              <a href={flow.href(places)}>{flow.name}</a>
            </h2>
            <p>{flow.letter}</p>
            <p className="shows">{flow.shows}</p>
          </li>
        ))}
      </ol>
      <Journey places={places} />
    </Document>
  )
}

/** Where the mail goes. */
function Journey({ places }: { readonly places: Places }): ReactElement {
  return (
    <section className="journey" aria-labelledby="journey">
      <h2 id="journey">Where the mail goes</h2>
      <ol>
        <li>
          <h3>The app</h3>
          <p>
            A message and Mailgun’s options, checked and typed. What Mailgun could not carry is
            refused here, by name.
          </p>
        </li>
        <li>
          <h3>The wire</h3>
          <p>
            SMTP to <span className="code">{places.smtp}</span>, encrypted, the certificate
            verified, logged in for <span className="code">{places.domain}</span>. The options are{' '}
            <span className="code">X-Mailgun-</span> headers.
          </p>
        </li>
        {places.inbox ? (
          <li>
            <h3>The inbox</h3>
            <p>
              <a href={places.inbox}>{places.inbox.replace('http://', '')}</a> shows each message as
              its recipient would see it, its source, and every option decoded.
            </p>
          </li>
        ) : (
          <li>
            <h3>The world</h3>
            <p>
              Mailgun delivers it. The Message-ID on each confirmation finds it in Mailgun’s log.
            </p>
          </li>
        )}
      </ol>
    </section>
  )
}
