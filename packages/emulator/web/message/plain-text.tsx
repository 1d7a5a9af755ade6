import { writtenLinks } from '@mailgun-smtp/core/matchers'
import type { JSX } from 'preact'

/** A text as it was written, with its links. */
export function PlainText({ text }: { readonly text: string }): JSX.Element {
  if (text.trim() === '') return <p class="panel-note">This message has no text.</p>
  return (
    <pre class="plain-text" dir="auto">
      {withLinks(text)}
    </pre>
  )
}

// A page with more links than this would be slow, and no reader wants them.
const mostLinks = 1_000

function withLinks(text: string): readonly (string | JSX.Element)[] {
  const pieces: (string | JSX.Element)[] = []
  let end = 0
  for (const { start, link } of writtenLinks(text)) {
    if (pieces.length >= 2 * mostLinks) break
    pieces.push(
      text.slice(end, start),
      <a key={start} href={link} target="_blank" rel="noreferrer">
        {link}
      </a>,
    )
    end = start + link.length
  }
  return [...pieces, text.slice(end)]
}
