import type { ReactElement, ReactNode } from 'react'
import { Document } from './document.tsx'
import type { Flow } from './flows.ts'
import { Listings, type Listing } from './listing.tsx'
import type { Places } from './places.ts'

interface FlowBodyProps {
  readonly flow: Flow
  readonly listings: readonly Listing[]
  /** The form, or what became of it. */
  readonly children: ReactNode
}

/** A flow: what it does, its form, and beside it the code. */
export function FlowBody({ flow, listings, children }: FlowBodyProps): ReactElement {
  return (
    <>
      <div className="opening">
        <div>
          <p className="framework">{flow.framework}</p>
          <h1>{flow.name}</h1>
        </div>
        <div>
          <p className="lead">{flow.letter}</p>
          <p className="shows">{flow.shows}</p>
        </div>
      </div>
      <div className="bench">
        <div className="desk">{children}</div>
        <Listings listings={listings} />
      </div>
    </>
  )
}

/** The same as a whole page. */
export function FlowPage({
  places,
  ...body
}: FlowBodyProps & { readonly places: Places }): ReactElement {
  return (
    <Document title={body.flow.name} places={places} flow={body.flow}>
      <FlowBody {...body} />
    </Document>
  )
}
