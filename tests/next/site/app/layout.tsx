import type { ReactElement, ReactNode } from 'react'

export const metadata = { title: 'A site with mail forms' }

export default function Layout({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
