import type { ReactElement } from 'react'
import { Document } from './document.tsx'
import type { Places } from './places.ts'

interface NotFoundProps {
  readonly places: Places
}

/** What is said at an address that the shop does not have, or no longer. */
export function Missing({ places }: NotFoundProps): ReactElement {
  return (
    <div className="missing">
      <h1>There is nothing on this shelf.</h1>
      <p className="lead">
        The page is not here, or was kept by a demo that has ended since.{' '}
        <a href={`${places.shop}/`}>Back to the front of the shop</a>
      </p>
    </div>
  )
}

/** The same as a whole page. */
export function NotFound({ places }: NotFoundProps): ReactElement {
  return (
    <Document title="Not found" places={places}>
      <Missing places={places} />
    </Document>
  )
}
