import type { JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly options: readonly {
    readonly value: Value
    readonly label: string
    readonly icon?: IconName
  }[]
  readonly value: Value
  readonly onChoose: (value: Value) => void
}

/** One of a few, as a row of buttons. */
export function Choice<Value extends string>(props: ChoiceProps<Value>): JSX.Element {
  const { label, options, value, onChoose } = props
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.label}
          title={option.icon ? option.label : undefined}
          onClick={() => onChoose(option.value)}
        >
          {option.icon ? <Icon name={option.icon} /> : option.label}
        </button>
      ))}
    </div>
  )
}
