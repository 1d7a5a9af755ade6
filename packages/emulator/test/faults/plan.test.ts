import { describe, expect, test } from 'vitest'
import type { Fault, FaultMoment, Stage } from '../../src/faults/fault.ts'
import { FaultPlan } from '../../src/faults/plan.ts'

const fault = { at: 'mail', drop: true } as const
const other = { at: 'mail', end: true } as const

function momentOf(user = 'a@mg.example.com'): (at: Stage) => FaultMoment {
  const session = { id: 's', number: 1, port: 'starttls', user, messages: 0 } as const
  return (at) => ({ at, session, from: undefined, to: [] })
}

/** Which of so many moments the plan strikes, as `x` and `.`. */
function strikes(plan: FaultPlan, moments: number, user?: string): string {
  return Array.from({ length: moments }, () =>
    plan.take('mail', momentOf(user)) ? 'x' : '.',
  ).join('')
}

describe('a fault strikes', () => {
  test('the next time, or the next few', () => {
    const plan = new FaultPlan()
    plan.next(fault)
    expect(strikes(plan, 3)).toBe('x..')
    const armed = plan.next(2, fault)
    expect(plan.list()).toEqual([{ fault, selection: 'next 2', fired: 0 }])
    expect(strikes(plan, 4)).toBe('xx..')
    expect(armed.fired).toBe(2)
    expect(plan.list()).toEqual([])
  })

  test('every nth time', () => {
    const plan = new FaultPlan()
    plan.every(3, fault)
    expect(strikes(plan, 7)).toBe('..x..x.')
  })

  test('by chance, which repeats with its seed', () => {
    const run = (seed: number): string => {
      const plan = new FaultPlan(seed)
      plan.chance(0.3, fault)
      return strikes(plan, 2_000)
    }
    expect(run(1)).toBe(run(1))
    expect(run(1)).not.toBe(run(2))
    expect(run(1).replaceAll('.', '').length / 2_000).toBeCloseTo(0.3, 1)
    const plan = new FaultPlan()
    plan.chance(0, fault)
    expect(strikes(plan, 100)).not.toContain('x')
    plan.chance(1, fault)
    expect(strikes(plan, 100)).not.toContain('.')
  })

  test('when a predicate says so', () => {
    const plan = new FaultPlan()
    plan.when(({ session }) => session.user === 'b@c.d', fault)
    expect(strikes(plan, 2)).toBe('..')
    expect(strikes(plan, 2, 'b@c.d')).toBe('xx')
  })

  test('always, until it is removed or all are cleared', () => {
    const plan = new FaultPlan()
    const armed = plan.always(fault)
    expect(strikes(plan, 2)).toBe('xx')
    armed.remove()
    expect(strikes(plan, 2)).toBe('..')
    plan.always(fault)
    plan.clear()
    expect(strikes(plan, 2)).toBe('..')
    expect(armed.fired).toBe(2)
  })

  test('alone: of several, the one that was called up first', () => {
    const plan = new FaultPlan()
    const first = plan.next(fault)
    const second = plan.every(2, other)

    const struck = Array.from({ length: 4 }, () => plan.take('mail', momentOf()))

    // The moment that the first took counts for the second too.
    expect(struck).toEqual([fault, other, undefined, other])
    expect([first.fired, second.fired]).toEqual([1, 2])
  })

  test('at its own stage alone', () => {
    const plan = new FaultPlan()
    plan.next(fault)
    expect(plan.take('rcpt', momentOf())).toBeUndefined()
    expect(plan.take('mail', momentOf())).toEqual(fault)
  })
})

describe('a plan limited to some sessions', () => {
  test('strikes, lists and clears there alone', () => {
    const plan = new FaultPlan()
    const mine = plan.limitedTo(({ session }) => session.user === 'mine')
    const armed = mine.next(2, fault)
    plan.every(2, other)

    expect(strikes(plan, 1, 'yours')).toBe('.')
    expect(armed.fired).toBe(0)
    expect(strikes(plan, 1, 'mine')).toBe('x')
    expect(mine.list()).toEqual([{ fault, selection: 'next 1', fired: 1 }])
    expect(plan.list()).toHaveLength(2)
    mine.clear()
    expect(plan.list()).toEqual([{ fault: other, selection: 'every 2', fired: 0 }])
  })

  test.each(['connect', 'greeting', 'ehlo', 'starttls', 'tls'] as const)(
    'refuses %s, where no login is known',
    (at) => {
      const mine = new FaultPlan().limitedTo(() => true)
      expect(() => mine.next({ at, drop: true })).toThrow(/not known who the client is/)
    },
  )
})

test.each([
  [null, 'A fault is an object'],
  [{ at: 'rset', drop: true }, "A fault needs 'at', one of connect, greeting,"],
  [{ at: 'constructor', drop: true }, "A fault needs 'at'"],
  [{ at: 'mail' }, 'this one has 0 actions'],
  [{ at: 'mail', drop: true, end: true }, 'this one has 2 actions'],
  [{ at: 'mail', explode: true }, "this one has 'explode'"],
  [{ at: 'mail', drop: 'after-store' }, 'At mail, drop is true'],
  [{ at: 'final', drop: true }, "At final, drop is 'before-store' or 'after-store'"],
  [{ at: 'mail', reply: 450 }, 'At mail, reply is [code, text]'],
  [{ at: 'mail', reply: [45, 'x'] }, 'code from 200 to 599'],
  [{ at: 'body', reply: [250, 'x'] }, 'code from 400 to 599'],
  [{ at: 'mail', reply: [450, 'x\r\n250 y'] }, 'without CR and LF'],
  [{ at: 'mail', reply: [450, []] }, 'one line or a list'],
  [{ at: 'mail', delay: -1 }, 'delay is milliseconds'],
  [{ at: 'mail', delay: Number.NaN }, 'delay is milliseconds'],
  [{ at: 'mail', slow: 0 }, 'slow is bytes per second'],
  [{ at: 'mail', garbage: '' }, 'garbage is true, or a string or bytes'],
  [{ at: 'mail', split: false }, 'split is true'],
  [
    { at: 'tls', certificate: 'stolen' },
    "certificate is 'expired' or 'wrong-name' or 'unknown-ca'",
  ],
  [{ at: 'mail', drop: true, afterBytes: 3 }, 'afterBytes is for body'],
  [{ at: 'body', drop: true, afterBytes: -3 }, 'afterBytes is a whole number'],
])('refuses %j with a sentence', (value, sentence) => {
  const call = (): unknown => new FaultPlan().next(value as Fault)

  expect(call).toThrow(TypeError)
  expect(call).toThrow(sentence)
})

test('refuses counts and probabilities that are none', () => {
  const plan = new FaultPlan()
  expect(() => plan.next(0, fault)).toThrow('next takes a whole number')
  expect(() => plan.every(1.5, fault)).toThrow('every takes a whole number')
  expect(() => plan.chance(2, fault)).toThrow('chance takes a probability')
  expect(() => plan.when('x' as never, fault)).toThrow('when takes a function')
})
