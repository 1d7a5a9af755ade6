import { ConfigError } from '../outcome/errors.ts'

/** How long each phase of one attempt may take, in milliseconds (RFC 5321 §4.5.3.2 is the model of the last). */
export interface Deadlines {
  /** To connect, the name's lookup and an implicit TLS handshake included, for each port tried. Default 10 seconds. */
  readonly connect?: number | undefined
  /** From then to the server's greeting. Default 10 seconds. */
  readonly greeting?: number | undefined
  /** From the start to the first byte of the body: connecting, logging in and the envelope. Default 60 seconds. */
  readonly untilBody?: number | undefined
  /** From the first byte of the body to its last. Default 10 minutes. */
  readonly body?: number | undefined
  /** From the final dot to its reply. Default 10 minutes; given up sooner, an outcome is `unknown` more often. */
  readonly afterDot?: number | undefined
}

/** Every deadline, in milliseconds. */
export type ResolvedDeadlines = { readonly [Phase in keyof Deadlines]-?: number }

const minute = 60_000

const defaults: ResolvedDeadlines = {
  connect: 10_000,
  greeting: 10_000,
  untilBody: minute,
  body: 10 * minute,
  afterDot: 10 * minute,
}

/** The longest delay a timer can have (Node's setTimeout). */
const longest = 2 ** 31 - 1

/**
 * The deadlines with their defaults.
 *
 * @throws {ConfigError} naming the phase.
 */
export function resolveDeadlines(deadlines: Deadlines = {}): ResolvedDeadlines {
  for (const [phase, value] of Object.entries(deadlines)) {
    if (!Object.hasOwn(defaults, phase)) {
      throw new ConfigError(`deadlines takes ${Object.keys(defaults).join(', ')} only.`)
    }
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0 && value <= longest)) {
      throw new ConfigError(`deadlines.${phase} must be a whole number of milliseconds from 1.`)
    }
  }
  return Object.fromEntries(
    Object.entries(defaults).map(([phase, value]) => [
      phase,
      deadlines[phase as keyof Deadlines] ?? value,
    ]),
  ) as ResolvedDeadlines
}
