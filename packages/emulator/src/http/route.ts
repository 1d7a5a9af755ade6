import type { Clock } from '../clock.ts'
import type { Faults } from '../faults/faults.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Ledger } from '../records/ledger.ts'
import type { SessionRecords } from '../records/session-records.ts'
import type { EmulatorInfo } from './emulator-info.ts'
import type { HttpReply } from './reply.ts'

/** What of an emulator can be looked at and moved, besides its inbox. */
export interface EmulatorControl {
  readonly ledger: Ledger
  readonly records: SessionRecords
  readonly faults: Faults
  readonly clock: Clock
}

/** What a route has to answer from. */
export interface RouteRequest {
  readonly method: string
  readonly inbox: Inbox
  readonly info: EmulatorInfo & { readonly httpUrl: string }
  readonly control: EmulatorControl
  readonly query: URLSearchParams
  /** What the body holds; undefined for none. */
  readonly body: unknown
  /** Aborted when the client no longer waits for the answer. */
  readonly signal: AbortSignal
}

/** What answers a method at an address. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: RegExp
  /** The names that its query may have. */
  readonly parameters: readonly string[]
  readonly reply: (request: RouteRequest, ...captured: string[]) => HttpReply | Promise<HttpReply>
}

export const root = '/emulator/v1'

export function route(
  method: Route['method'],
  path: string,
  reply: Route['reply'],
  parameters: readonly string[] = [],
): Route {
  return { method, path: new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`), parameters, reply }
}
