import type { JSX } from 'preact'

/** Shows only when loading takes long enough to be noticed. */
export function Loading(): JSX.Element {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  )
}
