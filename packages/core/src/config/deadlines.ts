import { ConfigError } from '../outcome/errors.ts'

/** How long each phase of one attempt may take, in milliseconds. `afterDot` follows RFC 5321 §4.5.3.2. */
export interface Deadlines {
  /** For each port: from the start to the connection, including the DNS lookup and an implicit TLS handshake, in milliseconds. Default: 10,000 (10 seconds). */
  readonly connect?: number | undefined
  /** From the connection to the server's greeting, in milliseconds. Default: 10,000 (10 seconds). */
  readonly greeting?: number | undefined
  /** From the start to the first byte of the body: connecting, logging in and the envelope, in milliseconds. Default: 60,000 (60 seconds). */
  readonly untilBody?: number | undefined
  /** From the first byte of the body to the last, in milliseconds. Default: 600,000 (10 minutes). */
  readonly body?: number | undefined
  /** From the final dot to the server's reply, in milliseconds. A shorter time makes the outcome `unknown` more often. Default: 600,000 (10 minutes). */
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
