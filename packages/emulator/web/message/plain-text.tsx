import type { JSX } from 'preact'

export function PlainText({ text }: { readonly text: string }): JSX.Element {
  if (text.trim() === '') return <p class="panel-note">This mail has no text.</p>
  return (
    <pre class="plain-text" dir="auto">
      {text}
    </pre>
  )
}
