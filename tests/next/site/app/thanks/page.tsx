import type { ReactElement } from 'react'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Thanks</h1>
    </main>
  )
}
