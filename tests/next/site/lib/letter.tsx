import type { ReactElement } from 'react'

export function Letter({ text }: { readonly text: string }): ReactElement {
  return (
    <p>
      Somebody asks: <b>{text}</b>
    </p>
  )
}
