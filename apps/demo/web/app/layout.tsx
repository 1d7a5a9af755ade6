import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactElement, ReactNode } from 'react'
import { brand } from '../../src/shop/brand.ts'
import { flows } from '../../src/shop/flows.ts'
import { icon } from '../../src/shop/icon.ts'
import { Colophon, Masthead } from '../../src/shop/masthead.tsx'
import { readPlaces } from '../../src/shop/places.ts'
import '../../src/shop/shop.css'

export const metadata: Metadata = {
  title: { template: `%s · ${brand}`, default: brand },
  icons: { icon },
}

export const viewport: Viewport = { colorScheme: 'light dark' }

/** The shop around every page. */
export default async function Layout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactElement> {
  // Where the other apps are is known when the demo runs, not when it is built.
  await connection()
  const places = readPlaces()
  return (
    <html lang="en">
      <body>
        <Masthead places={places} flow={flows.contact} />
        <main id="content">{children}</main>
        <Colophon places={places} />
      </body>
    </html>
  )
}
