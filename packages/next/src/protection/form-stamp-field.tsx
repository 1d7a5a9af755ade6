import type { ReactElement } from 'react'
import type { FormStamp } from './form-stamp.ts'

/** The props of {@link FormStampField}. */
export interface FormStampFieldProps {
  readonly stamp: FormStamp
}

/**
 * The hidden field with the form's stamp: a server component. Give it to the form as a child. With `cacheComponents`
 * it needs a `<Suspense>` around it, and then JavaScript to get into the page.
 */
export async function FormStampField({ stamp }: FormStampFieldProps): Promise<ReactElement> {
  const { connection } = await import('next/server.js')
  // A page that is made at build time would have the time of the build.
  await connection()
  return <input type="hidden" name={stamp.name} value={stamp.issue(Date.now())} />
}
