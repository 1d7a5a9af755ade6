import type { Fault, FaultMoment, Stage } from './fault.ts'
import type { ArmedFault, FaultRule, Faults } from './faults.ts'
import { seededRandom } from './random.ts'
import { readFault } from './read-fault.ts'
import { always, chance, every, next, when, type Call, type Selection } from './selection.ts'

/**
 * The point of a session where a fault is asked for: its stage, but for two of TLS, which strike
 * where STARTTLS is offered and where it is answered.
 */
export type FaultPoint = Stage | 'offer' | 'refusal' | 'injection'

type Moment = (at: Stage) => FaultMoment
type Predicate = (moment: FaultMoment) => boolean

class Rule implements FaultRule {
  readonly fault: Fault
  readonly point: FaultPoint
  fired = 0
  readonly #selection: Selection
  readonly scope: Predicate

  constructor(fault: Fault, selection: Selection, scope: Predicate) {
    this.fault = fault
    this.point = pointOf(fault)
    this.#selection = selection
    this.scope = scope
  }

  get selection(): string {
    const { words, left } = this.#selection
    return left === Infinity ? words : `${words} ${left}`
  }

  get isSpent(): boolean {
    return this.#selection.left === 0
  }

  wants(moment: Moment): boolean {
    const now = moment(this.fault.at)
    return this.scope(now) && this.#selection.wants(now)
  }

  strike(): Fault {
    this.fired++
    this.#selection.left--
    return this.fault
  }
}

/** A watch over the bytes of one message, of which every rule for bodies hears once. */
export interface BodyWatch {
  /** The next number of bytes at which something may strike. */
  readonly nextAt: number
  reached(bytes: number, moment: Moment): Fault | undefined
}

/** The faults that are called up, and which of them strikes. */
export class FaultPlan implements Faults {
  readonly #seed: number
  #rules: readonly Rule[] = []
  #armed = 0

  /** @param seed of `chance`. */
  constructor(seed = 1) {
    this.#seed = seed
  }

  next(...call: [Fault] | [number, Fault]): ArmedFault {
    return this.#arm(next(call))
  }

  every(n: number, fault: Fault): ArmedFault {
    return this.#arm(every(n, fault))
  }

  chance(probability: number, fault: Fault): ArmedFault {
    return this.#arm(chance(probability, fault, this.#random()))
  }

  when(predicate: Predicate, fault: Fault): ArmedFault {
    return this.#arm(when(predicate, fault))
  }

  always(fault: Fault): ArmedFault {
    return this.#arm(always(fault))
  }

  list(): readonly FaultRule[] {
    return this.#rules.map(asListed)
  }

  clear(): void {
    this.#rules = []
  }

  /** The same plan for a part of the sessions: what is called up strikes, is listed and is cleared there only. */
  limitedTo(limit: Predicate): Faults {
    // A function of its own tells the rules of this view from those of any other.
    const scope: Predicate = (moment) => limit(moment)
    const arm = ([fault, selection]: Call): ArmedFault => {
      const { at } = readFault(fault)
      if (beforeLogin.has(at)) {
        throw new TypeError(
          `At ${at} it is not known who the client is: call that up for the whole emulator.`,
        )
      }
      return this.#arm([fault, selection], scope)
    }
    return {
      next: (...call: [Fault] | [number, Fault]) => arm(next(call)),
      every: (n, fault) => arm(every(n, fault)),
      chance: (probability, fault) => arm(chance(probability, fault, this.#random())),
      when: (predicate, fault) => arm(when(predicate, fault)),
      always: (fault) => arm(always(fault)),
      list: () => this.#rules.filter((rule) => rule.scope === scope).map(asListed),
      clear: () => {
        this.#rules = this.#rules.filter((rule) => rule.scope !== scope)
      },
    }
  }

  /** Nothing was called up, or all of it has struck. */
  get isEmpty(): boolean {
    return this.#rules.length === 0
  }

  /** The fault that strikes now. Every rule of the point hears of it; the first that wants it has it. */
  take(point: FaultPoint, moment: Moment): Fault | undefined {
    return this.#choose(
      this.#rules.filter((rule) => rule.point === point),
      moment,
    )
  }

  /** Undefined if no fault is for bodies. */
  watchBody(): BodyWatch | undefined {
    let waiting = this.#rules.filter(({ point }) => point === 'body')
    if (waiting.length === 0) return undefined
    return {
      get nextAt() {
        return Math.min(...waiting.map(afterBytes))
      },
      reached: (bytes, moment) => {
        const due = waiting.filter((rule) => afterBytes(rule) <= bytes)
        waiting = waiting.filter((rule) => !due.includes(rule))
        return this.#choose(
          due.filter((rule) => this.#rules.includes(rule)),
          moment,
        )
      },
    }
  }

  #choose(rules: readonly Rule[], moment: Moment): Fault | undefined {
    const [first] = rules.filter((rule) => rule.wants(moment))
    const fault = first?.strike()
    if (first?.isSpent) this.#rules = this.#rules.filter((rule) => rule !== first)
    return fault
  }

  #arm([fault, selection]: Call, scope: Predicate = () => true): ArmedFault {
    const rule = new Rule(readFault(fault), selection, scope)
    this.#rules = [...this.#rules, rule]
    return {
      get fired() {
        return rule.fired
      },
      remove: () => {
        this.#rules = this.#rules.filter((other) => other !== rule)
      },
    }
  }

  #random(): () => number {
    return seededRandom(this.#seed + this.#armed++ * 0x9e3779b9)
  }
}

const beforeLogin: ReadonlySet<Stage> = new Set(['connect', 'greeting', 'ehlo', 'starttls', 'tls'])

function pointOf(fault: Fault): FaultPoint {
  if ('inject' in fault) return 'injection'
  if ('starttls' in fault) return fault.starttls === 'absent' ? 'offer' : 'refusal'
  return fault.at
}

function afterBytes({ fault }: Rule): number {
  return fault.at === 'body' ? (fault.afterBytes ?? 0) : 0
}

function asListed({ fault, selection, fired }: Rule): FaultRule {
  return { fault, selection, fired }
}
