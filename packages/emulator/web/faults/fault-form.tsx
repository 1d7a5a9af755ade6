import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FaultAction } from '../../src/faults/stages.ts'
import type { Stage } from '../../src/faults/fault.ts'
import type { FaultEntry } from '../../src/http/answers.ts'
import {
  actionsAt,
  changed,
  effectOf,
  faultOf,
  type FaultForm as Form,
  inputOf,
  selectionOf,
  type SelectionForm,
  stageNames,
} from './form-state.ts'

const emptyForm: Form = {
  at: 'data',
  action: 'reply',
  word: '',
  amount: 1_000,
  code: 451,
  text: '4.7.1 Try again later',
  afterBytes: 0,
}

const kinds: { readonly [Kind in SelectionForm['kind']]: string } = {
  next: 'the next times',
  every: 'every nth time',
  chance: 'by chance',
  always: 'always',
}

/** Injects one fault. */
export function FaultForm({ onAdd }: { readonly onAdd: (entry: FaultEntry) => void }): JSX.Element {
  const [form, setForm] = useState(emptyForm)
  const [selection, setSelection] = useState<SelectionForm>({ kind: 'next', count: 1, percent: 10 })
  const change = (to: Partial<Form>) => setForm((known) => changed(known, to))

  return (
    <form
      class="fault-form"
      onSubmit={(event) => {
        event.preventDefault()
        onAdd({ fault: faultOf(form), select: selectionOf(selection) })
      }}
    >
      <Field label="At">
        <Select value={form.at} words={stageNames} onSelect={(at: Stage) => change({ at })} />
      </Field>
      <Field label="Action">
        <Select
          value={form.action}
          words={actionsAt(form.at)}
          onSelect={(action: FaultAction) => change({ action })}
        />
      </Field>
      <Details form={form} change={change} />
      <Field label="Happens">
        <Select
          value={selection.kind}
          words={Object.keys(kinds) as SelectionForm['kind'][]}
          labels={kinds}
          onSelect={(kind: SelectionForm['kind']) => setSelection({ ...selection, kind })}
        />
      </Field>
      {(selection.kind === 'next' || selection.kind === 'every') && (
        <Amount
          label="n"
          least={1}
          value={selection.count}
          onChange={(count) => setSelection({ ...selection, count })}
        />
      )}
      {selection.kind === 'chance' && (
        <Amount
          label="Per cent"
          least={0}
          most={100}
          value={selection.percent}
          onChange={(percent) => setSelection({ ...selection, percent })}
        />
      )}
      <button type="submit" class="button">
        Inject
      </button>
      <p class="fault-effect">The emulator {effectOf(form.at, form.action)}.</p>
    </form>
  )
}

interface DetailsProps {
  readonly form: Form
  readonly change: (to: Partial<Form>) => void
}

/** What the action needs to know. */
function Details({ form, change }: DetailsProps): JSX.Element {
  const input = inputOf(form.at, form.action)
  return (
    <>
      {input === 'reply' && (
        <>
          <Amount
            label="Code"
            least={200}
            most={599}
            value={form.code}
            onChange={(code) => change({ code })}
          />
          <Field label="Text">
            <input
              value={form.text}
              onInput={(event) => change({ text: event.currentTarget.value })}
            />
          </Field>
        </>
      )}
      {typeof input === 'object' && (
        <Field label="How">
          <Select value={form.word} words={input} onSelect={(word) => change({ word })} />
        </Field>
      )}
      {(input === 'milliseconds' || input === 'bytes a second') && (
        <Amount
          label={input === 'milliseconds' ? 'Milliseconds' : 'Bytes a second'}
          least={1}
          value={form.amount}
          onChange={(amount) => change({ amount })}
        />
      )}
      {form.at === 'body' && (
        <Amount
          label="After bytes"
          least={0}
          value={form.afterBytes}
          onChange={(afterBytes) => change({ afterBytes })}
        />
      )}
    </>
  )
}

function Field({
  label,
  children,
}: {
  readonly label: string
  readonly children: ComponentChildren
}): JSX.Element {
  return (
    <label class="fault-field">
      <span>{label}</span>
      {children}
    </label>
  )
}

interface SelectProps<Word extends string> {
  readonly value: Word
  readonly words: readonly Word[]
  readonly labels?: { readonly [Name in Word]: string }
  readonly onSelect: (word: Word) => void
}

function Select<Word extends string>(props: SelectProps<Word>): JSX.Element {
  const { value, words, labels, onSelect } = props
  return (
    // Its options are the words.
    <select value={value} onChange={(event) => onSelect(event.currentTarget.value as Word)}>
      {words.map((word) => (
        <option key={word} value={word}>
          {labels?.[word] ?? word}
        </option>
      ))}
    </select>
  )
}

interface AmountProps {
  readonly label: string
  readonly least: number
  readonly most?: number
  readonly value: number
  readonly onChange: (value: number) => void
}

function Amount({ label, least, most, value, onChange }: AmountProps): JSX.Element {
  return (
    <Field label={label}>
      <input
        class="fault-amount"
        type="number"
        required
        min={least}
        max={most}
        step={1}
        value={value}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </Field>
  )
}
