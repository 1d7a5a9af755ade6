import type { LookupFunction } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { Port } from '../regions.ts'

/** Who logs in. */
export interface Credentials {
  readonly user: string
  readonly pass: string
}

/** How long each phase of an attempt may take, in milliseconds. */
export interface PhaseDeadlines {
  /** To connect, for each port tried. */
  readonly connect: number
  /** From then to the greeting. */
  readonly greeting: number
  /** From the attempt's start to the first byte of the body. */
  readonly untilBody: number
  /** From the first byte of the body to its last. */
  readonly body: number
  /** From the final dot to its reply. */
  readonly afterDot: number
}

/** Where to connect, and how. */
export interface SessionSettings {
  readonly host: string
  /** In the order they are tried. */
  readonly ports: readonly Port[]
  /** The name to greet with. */
  readonly name: string
  readonly credentials: Credentials
  /** Whether a port that does not begin with TLS must offer STARTTLS. Without it the session is plaintext. */
  readonly isTlsDemanded: boolean
  readonly tls: ConnectionOptions
  readonly deadlines: PhaseDeadlines
  /** Resolves the host. Default: the system's. */
  readonly lookup?: LookupFunction | undefined
  /** How long a kept connection may leave MAIL without an answer before it is replaced, in milliseconds. Default 5 seconds. */
  readonly keptPatience?: number | undefined
}

/** How many connections there are, and how long they are kept. */
export interface PoolSettings {
  /** Whether a connection is used again. */
  readonly isKept: boolean
  /** The most connections at once. */
  readonly maxConnections: number
  /** The most messages on one connection. */
  readonly maxMessages: number
}
