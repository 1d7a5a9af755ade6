import type { Fault, Stage } from '../../src/faults/fault.ts'
import { stages, type FaultAction } from '../../src/faults/stages.ts'
import type { FaultSelection } from '../../src/http/answers.ts'

/** What is filled in to inject a fault; only what its action needs is read. */
export interface FaultForm {
  readonly at: Stage
  readonly action: FaultAction
  /** One of the words of an action that has several. */
  readonly word: string
  /** Milliseconds, or bytes a second. */
  readonly amount: number
  readonly code: number
  readonly text: string
  readonly afterBytes: number
}

export interface SelectionForm {
  readonly kind: 'next' | 'every' | 'chance' | 'always'
  readonly count: number
  readonly percent: number
}

/** What an action asks for besides its name. */
export type FaultInput = 'reply' | 'milliseconds' | 'bytes a second' | readonly string[]

const inputs: Readonly<Partial<Record<FaultAction, FaultInput>>> = {
  reply: 'reply',
  delay: 'milliseconds',
  slow: 'bytes a second',
  certificate: ['expired', 'wrong-name', 'unknown-ca'],
  starttls: ['absent', 'refused'],
  inject: ['plaintext'],
}

const breaking: ReadonlySet<FaultAction> = new Set(['stall', 'drop', 'end'])

export const stageNames = Object.keys(stages) as readonly Stage[]

/** The actions that there are at a stage. */
export function actionsAt(at: Stage): readonly FaultAction[] {
  const actions = Object.entries(stages[at].actions)
  return actions.filter(([, cell]) => 'does' in cell).map(([action]) => action as FaultAction)
}

/** What the emulator then does, in a sentence. */
export function effectOf(at: Stage, action: FaultAction): string {
  const cell = stages[at].actions[action]
  return 'does' in cell ? cell.does : cell.not
}

/** Undefined for an action that needs no more than its name. */
export function inputOf(at: Stage, action: FaultAction): FaultInput | undefined {
  // At the end of a message it has to be said whether the message is kept.
  if (at === 'final' && breaking.has(action)) return ['before-store', 'after-store']
  return inputs[action]
}

/** The form with another stage or action, and the rest so that they go together. */
export function changed(form: FaultForm, to: Partial<FaultForm>): FaultForm {
  const next = { ...form, ...to }
  const [first = next.action] = actionsAt(next.at)
  const action = actionsAt(next.at).includes(next.action) ? next.action : first
  const input = inputOf(next.at, action)
  const words = typeof input === 'object' ? input : []
  return { ...next, action, word: words.includes(next.word) ? next.word : (words[0] ?? '') }
}

/** The fault, as the emulator's API takes it. */
export function faultOf(form: FaultForm): Fault {
  const { at, action, afterBytes } = form
  const place = at === 'body' && afterBytes > 0 ? { at, afterBytes } : { at }
  // The form offers only what there is at a stage, which the emulator checks.
  return { ...place, [action]: valueOf(form) } as Fault
}

function valueOf({ at, action, word, amount, code, text }: FaultForm): unknown {
  const input = inputOf(at, action)
  if (input === undefined) return true
  if (input === 'reply') return [code, text]
  return typeof input === 'string' ? amount : word
}

/** When it happens, as the emulator's API takes it. */
export function selectionOf({ kind, count, percent }: SelectionForm): FaultSelection {
  if (kind === 'always') return kind
  if (kind === 'chance') return { chance: percent / 100 }
  return kind === 'next' ? { next: count } : { every: count }
}

/** A fault as a line of the list: `mail: reply [451,"later"]`. */
export function faultWords({ at, ...rest }: { readonly at: string }): string {
  const words = Object.entries(rest).map(([name, value]) =>
    value === true ? name : `${name} ${JSON.stringify(value)}`,
  )
  return `${at}: ${words.join(', ')}`
}

export function selectionWords(selection: FaultSelection | 'when'): string {
  if (typeof selection === 'string') return selection
  return Object.entries(selection)
    .map(([kind, n]) =>
      kind === 'chance' ? `${Math.round(Number(n) * 1_000) / 10} % of the time` : `${kind} ${n}`,
    )
    .join(', ')
}
