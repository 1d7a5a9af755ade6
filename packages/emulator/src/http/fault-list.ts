import type { Fault } from '../faults/fault.ts'
import type { Faults } from '../faults/faults.ts'
import { FaultPlan } from '../faults/plan.ts'
import { readFault } from '../faults/read-fault.ts'
import type { FaultList, FaultSummary } from './answers.ts'

const mostFaults = 1_000

/** The faults that may still strike, as `armFaults` takes them. */
export function describeFaults(faults: Faults): FaultList {
  return {
    faults: faults.list().map(({ fault, selection, fired }) => {
      const [name = '', n] = selection.split(' ')
      // A rule's selection is one of these words, with or without a number.
      const select = (n === undefined ? name : { [name]: Number(n) }) as FaultSummary['select']
      return { fault: asJson(fault), select, fired }
    }),
  }
}

/**
 * Puts a list of faults in place of those that are called up: all of it, or nothing.
 *
 * @throws {TypeError} a sentence that says what of it cannot be.
 */
export function armFaults(faults: Faults, list: unknown): void {
  if (!Array.isArray(list) || list.length > mostFaults) {
    throw new TypeError(
      `Faults are a list, of ${mostFaults} at most: [{ "fault": { "at": "mail", "drop": true }, "select": { "next": 1 } }].`,
    )
  }
  const trial = new FaultPlan()
  for (const entry of list) armFault(trial, entry)
  faults.clear()
  for (const entry of list) armFault(faults, entry)
}

/**
 * Calls one fault up beside those that are.
 *
 * @throws {TypeError} a sentence that says what of it cannot be.
 */
export function armFault(faults: Faults, entry: unknown): void {
  if (faults.list().length >= mostFaults) {
    throw new TypeError(`There are ${mostFaults} faults already: remove some.`)
  }
  if (typeof entry !== 'object' || entry === null) {
    throw new TypeError('An entry is { "fault": …, "select": … }.')
  }
  const { fault: given, select = { next: 1 } } = entry as Readonly<Record<string, unknown>>
  const fault = readFault(given)
  if (select === 'always') {
    faults.always(fault)
    return
  }
  const [[name, n] = [], another] = Object.entries(Object(select))
  if (another === undefined && typeof n === 'number') {
    if (name === 'next') return void faults.next(n, fault)
    if (name === 'every') return void faults.every(n, fault)
    if (name === 'chance') return void faults.chance(n, fault)
  }
  throw new TypeError(
    'select is { "next": n }, { "every": n }, { "chance": 0 to 1 } or "always"; left out, it is { "next": 1 }.',
  )
}

/** Bytes have no JSON: they are shown as text, one character a byte. */
function asJson(fault: Fault): Fault {
  if (!('garbage' in fault) || !(fault.garbage instanceof Uint8Array)) return fault
  return { ...fault, garbage: Buffer.from(fault.garbage).toString('latin1') }
}
