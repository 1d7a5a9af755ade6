import type { JSX, RefObject } from 'preact'
import { Icon } from '../elements/icon.tsx'

export interface SearchBoxProps {
  readonly box: RefObject<HTMLInputElement | null>
  readonly query: string
  readonly onQuery: (query: string) => void
  /** Why the search cannot be meant. */
  readonly refusal: string | undefined
}

export function SearchBox({ box, query, onQuery, refusal }: SearchBoxProps): JSX.Element {
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        value={query}
        onInput={({ currentTarget }) => onQuery(currentTarget.value)}
        placeholder="Search, to: or tag:"
        aria-label="Search mail by text, to: or tag:"
        aria-invalid={refusal !== undefined}
        title="Words of the message, or to: from: subject: tag: body: id: is:unread is:batch is:scheduled is:test is:problem is:failed is:opened is:clicked has:attachment has:html has:unreplaced; a - before one leaves it out"
        autoComplete="off"
        spellcheck={false}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  )
}
