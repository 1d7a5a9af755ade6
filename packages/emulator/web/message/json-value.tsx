import type { JSX } from 'preact'
import type { Json } from '@mailgun-smtp/core/headers'
import { jsonTokens } from './json-tokens.ts'

/** A decoded value: a string as it is, everything else as JSON. */
export function JsonValue({ value }: { readonly value: Json }): JSX.Element {
  if (typeof value === 'string') return <span class="value">{value}</span>
  if (typeof value === 'boolean') return <span class="value">{value ? 'yes' : 'no'}</span>
  return (
    <pre class="json">
      {jsonTokens(value).map(({ kind, text }, index) => (
        <span key={index} class={`json-${kind}`}>
          {text}
        </span>
      ))}
    </pre>
  )
}
