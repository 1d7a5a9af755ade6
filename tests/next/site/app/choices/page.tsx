import type { ReactElement } from 'react'
import { ChoicesForm } from './choices-form'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Ask</h1>
      <ChoicesForm />
    </main>
  )
}
