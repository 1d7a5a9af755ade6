import type { JSX } from 'preact'
import type { CopySummary } from '../../src/http/answers.ts'
import { Icon } from '../elements/icon.tsx'

export interface CopySwitcherProps {
  readonly copies: readonly CopySummary[]
  readonly current: CopySummary
  readonly onSwitch: (copyId: string) => void
}

/** Chooses whose copy of a batch is shown. */
export function CopySwitcher({ copies, current, onSwitch }: CopySwitcherProps): JSX.Element {
  const at = copies.findIndex(({ id }) => id === current.id)
  const previous = copies[at - 1]
  const next = copies[at + 1]

  return (
    <div class="copies" role="group" aria-label="Copies">
      <label class="copies-label" for="copy">
        Copy for
      </label>
      <select
        id="copy"
        value={current.id}
        onChange={({ currentTarget }) => onSwitch(currentTarget.value)}
      >
        {copies.map(({ id, recipient }) => (
          <option key={id} value={id}>
            {recipient}
          </option>
        ))}
      </select>
      <span class="copies-place">
        {at + 1} of {copies.length}
      </span>
      <StepButton name="back" label="Previous copy" to={previous} onSwitch={onSwitch} />
      <StepButton name="next" label="Next copy" to={next} onSwitch={onSwitch} />
    </div>
  )
}

interface StepButtonProps {
  readonly name: 'back' | 'next'
  readonly label: string
  readonly to: CopySummary | undefined
  readonly onSwitch: (copyId: string) => void
}

function StepButton({ name, label, to, onSwitch }: StepButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => to && onSwitch(to.id)}
    >
      <Icon name={name} />
    </button>
  )
}
