import type { JSX, RefObject } from 'preact'
import { Icon } from '../elements/icon.tsx'

export interface SearchBoxProps {
  readonly box: RefObject<HTMLInputElement | null>
  readonly query: string
  readonly onQuery: (query: string) => void
}

export function SearchBox({ box, query, onQuery }: SearchBoxProps): JSX.Element {
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
        title="Words, or to: from: subject: tag: is:batch is:scheduled is:test is:problem"
        autoComplete="off"
        spellcheck={false}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  )
}
