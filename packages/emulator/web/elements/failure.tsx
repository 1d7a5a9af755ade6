import type { JSX } from 'preact'
import type { Resource } from '../state/use-resource.ts'

export interface FailureProps {
  readonly failure: Extract<Resource<never>, { readonly state: 'failed' }>
  /** What could not be shown, as words for the middle of a sentence. */
  readonly what: string
}

export function Failure({ failure, what }: FailureProps): JSX.Element {
  return (
    <div class="notice" role="alert">
      <p>
        {failure.gone
          ? `The emulator no longer holds ${what}: it was cleared, or newer mail took its place.`
          : `The emulator did not give ${what}.`}
      </p>
      {!failure.gone && (
        <button type="button" class="button" onClick={failure.retry}>
          Try again
        </button>
      )}
    </div>
  )
}
