import type { Fault, Stage } from './fault.ts'
import { stages, type FaultAction } from './stages.ts'

const longestDelay = 2_147_483_647
const mostGarbage = 1_000_000

/** What an action's value has to be. */
const values: Readonly<Record<FaultAction, (value: unknown, at: Stage) => string | undefined>> = {
  reply: (value, at) => replyProblem(value, at),
  delay: (value) =>
    isBetween(value, 0, longestDelay) ? undefined : `delay is milliseconds, 0 to ${longestDelay}`,
  stall: whenBreaking('stall'),
  drop: whenBreaking('drop'),
  end: whenBreaking('end'),
  garbage: (value) => {
    if (value === true) return undefined
    const isBytes = typeof value === 'string' || value instanceof Uint8Array
    return isBytes && value.length > 0 && value.length <= mostGarbage
      ? undefined
      : `garbage is true, or a string or bytes, 1 to ${mostGarbage} of them`
  },
  split: (value) => (value === true ? undefined : 'split is true or left out'),
  slow: (value) =>
    isBetween(value, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER)
      ? undefined
      : 'slow is bytes per second, more than 0',
  certificate: oneOf('certificate', ['expired', 'wrong-name', 'unknown-ca']),
  starttls: oneOf('starttls', ['absent', 'refused']),
  inject: oneOf('inject', ['plaintext']),
}

/** @throws {TypeError} a sentence that says why there is no such fault. */
export function readFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError("A fault is an object, such as { at: 'mail', drop: true }.")
  }
  const { at, afterBytes, ...rest } = value as Record<string, unknown>
  if (!isStage(at)) {
    throw new TypeError(`A fault needs 'at', one of ${Object.keys(stages).join(', ')}.`)
  }
  const named = Object.keys(rest).filter((name) => rest[name] !== undefined)
  const unknown = named.find((name) => !Object.hasOwn(values, name))
  const [action, second] = named
  if (unknown !== undefined || action === undefined || second !== undefined) {
    const what = unknown === undefined ? `${named.length} actions` : `'${unknown}'`
    throw new TypeError(
      `A fault has one action of ${Object.keys(values).join(', ')}; this one has ${what}.`,
    )
  }
  const cell = stages[at].actions[action as FaultAction]
  if ('not' in cell) throw new TypeError(`There is no ${action} at ${at}: ${cell.not}.`)
  const problem = values[action as FaultAction](rest[action], at)
  if (problem !== undefined) throw new TypeError(`At ${at}, ${problem}.`)
  if (afterBytes !== undefined) {
    if (at !== 'body') throw new TypeError(`At ${at} there are no bytes: afterBytes is for body.`)
    if (!Number.isSafeInteger(afterBytes) || Number(afterBytes) < 0) {
      throw new TypeError('At body, afterBytes is a whole number of 0 or more.')
    }
  }
  return structuredClone(value) as Fault
}

/** What a fault does, in few words, for the transcript. */
export function describeFault(fault: Fault): string {
  const { at, ...rest } = fault
  const words = Object.entries(rest).map(([name, value]) => {
    if (value === true) return name
    if (name === 'garbage') return 'garbage'
    return `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`
  })
  return `fault at ${at}: ${words.join(', ')}`
}

function isStage(value: unknown): value is Stage {
  return typeof value === 'string' && Object.hasOwn(stages, value)
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function oneOf(action: FaultAction, words: readonly string[]) {
  return (value: unknown): string | undefined =>
    words.includes(String(value)) && typeof value === 'string'
      ? undefined
      : `${action} is ${words.map((word) => `'${word}'`).join(' or ')}`
}

/** At the end of a message it has to be said whether the message is kept. */
function whenBreaking(action: FaultAction) {
  const ofFinal = oneOf(action, ['before-store', 'after-store'])
  return (value: unknown, at: Stage): string | undefined => {
    if (at === 'final') return ofFinal(value)
    return value === true ? undefined : `${action} is true or left out`
  }
}

function replyProblem(value: unknown, at: Stage): string | undefined {
  if (!Array.isArray(value) || value.length !== 2) return 'reply is [code, text]'
  const [code, text] = value as readonly unknown[]
  const least = at === 'body' ? 400 : 200
  if (!Number.isInteger(code) || !isBetween(code, least, 599)) {
    return `a reply has a code from ${least} to 599`
  }
  const lines: readonly unknown[] = Array.isArray(text) ? text : [text]
  const areLines = lines.every((line) => typeof line === 'string' && !/[\r\n]/.test(line))
  if (lines.length === 0 || !areLines) {
    return "a reply's text is one line or a list of lines, without CR and LF (for those, garbage)"
  }
  return undefined
}
