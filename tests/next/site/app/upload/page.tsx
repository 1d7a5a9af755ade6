import type { ReactElement } from 'react'
import { UploadForm } from './upload-form'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Ask</h1>
      <UploadForm />
    </main>
  )
}
