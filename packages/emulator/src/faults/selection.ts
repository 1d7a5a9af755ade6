import type { Fault, FaultMoment } from './fault.ts'

/** Which of its moments a fault takes: it hears of every one of its stage, and wants some. */
export interface Selection {
  readonly words: string
  /** Strikes left; Infinity for no end. */
  left: number
  wants(moment: FaultMoment): boolean
}

/** A fault and when it strikes. */
export type Call = readonly [fault: Fault, selection: Selection]

/** Several strikes in a row. */
export function next(call: readonly [Fault] | readonly [number, Fault]): Call {
  const [n, fault] = call.length === 1 ? [1, call[0]] : call
  checkCount('next', n)
  return [fault, { words: 'next', left: n, wants: () => true }]
}

export function every(n: number, fault: Fault): Call {
  checkCount('every', n)
  let heard = 0
  return [fault, { words: `every ${n}`, left: Infinity, wants: () => ++heard % n === 0 }]
}

export function chance(probability: number, fault: Fault, random: () => number): Call {
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw new TypeError('chance takes a probability from 0 to 1.')
  }
  const wants = (): boolean => random() < probability
  return [fault, { words: `chance ${probability}`, left: Infinity, wants }]
}

export function when(predicate: (moment: FaultMoment) => boolean, fault: Fault): Call {
  if (typeof predicate !== 'function') throw new TypeError('when takes a function.')
  return [fault, { words: 'when', left: Infinity, wants: predicate }]
}

export function always(fault: Fault): Call {
  return [fault, { words: 'always', left: Infinity, wants: () => true }]
}

function checkCount(name: string, n: number): void {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new TypeError(`${name} takes a whole number of 1 or more.`)
  }
}
