import { describe, expect, it } from 'vitest'
import { readFault } from '../../../src/faults/read-fault.ts'
import {
  actionsAt,
  changed,
  faultOf,
  faultWords,
  type FaultForm,
  inputOf,
  selectionOf,
  selectionWords,
  stageNames,
} from '../../faults/form-state.ts'

const empty: FaultForm = {
  at: 'data',
  action: 'reply',
  word: '',
  amount: 1_000,
  code: 451,
  text: 'later',
  afterBytes: 0,
}
const cells = stageNames.flatMap((at) => actionsAt(at).map((action) => ({ at, action })))

describe('the form of a fault', () => {
  it.each(cells)('calls up $action at $at, as the emulator takes it', ({ at, action }) => {
    const form = changed(changed(empty, { at }), { action })
    const input = inputOf(at, action)
    const words = typeof input === 'object' ? input : ['']

    for (const word of words) {
      expect(readFault(faultOf({ ...form, word }))).toMatchObject({ at })
    }
    expect(Object.keys(faultOf(form))).toEqual(['at', action])
  })

  it('takes another action where a stage has no such one', () => {
    const form = changed({ ...empty, action: 'certificate', at: 'tls' }, { at: 'mail' })

    expect(faultOf(form)).toEqual({ at: 'mail', reply: [451, 'later'] })
  })

  it('asks at the end of a message whether it is kept', () => {
    const form = changed(empty, { at: 'final', action: 'drop' })

    expect(faultOf({ ...form, word: 'after-store' })).toEqual({ at: 'final', drop: 'after-store' })
  })

  it('counts bytes in a body alone', () => {
    const form = { ...empty, action: 'drop', afterBytes: 500 } as const

    expect(faultOf({ ...form, at: 'body' })).toEqual({ at: 'body', afterBytes: 500, drop: true })
    expect(faultOf({ ...form, at: 'mail' })).toEqual({ at: 'mail', drop: true })
  })
})

it('a selection goes to the emulator and reads back in words', () => {
  const selections = (['next', 'every', 'chance', 'always'] as const).map((kind) =>
    selectionOf({ kind, count: 3, percent: 7 }),
  )

  expect(selections).toEqual([{ next: 3 }, { every: 3 }, { chance: 0.07 }, 'always'])
  expect(selections.map(selectionWords)).toEqual(['next 3', 'every 3', '7 % of the time', 'always'])
  const fault = { at: 'data', reply: [451, 'later'] }
  expect(faultWords(fault)).toBe('data: reply [451,"later"]')
})
