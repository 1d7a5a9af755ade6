import type { ReactElement, ReactNode } from 'react'
import { brand } from './brand.ts'
import type { Flow } from './flows.ts'
import { icon } from './icon.ts'
import { Colophon, Masthead } from './masthead.tsx'
import type { Places } from './places.ts'

interface DocumentProps {
  readonly title: string
  readonly places: Places
  readonly flow?: Flow | undefined
  readonly children: ReactNode
}

/** A whole page of the shop, for the apps that are not React's. */
export function Document({ title, places, flow, children }: DocumentProps): ReactElement {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${brand}`}</title>
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href="/shop.css" />
      </head>
      <body>
        <Masthead places={places} flow={flow} />
        <main id="content">{children}</main>
        <Colophon places={places} />
      </body>
    </html>
  )
}
