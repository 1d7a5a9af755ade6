import type { Inbox } from '../inbox/inbox.ts'
import type { EmulatorControl } from './control.ts'
import type { EmulatorInfo } from './emulator-info.ts'
import type { HttpReply } from './reply.ts'

/** What a route has to answer from. */
export interface RouteRequest {
  readonly method: string
  readonly inbox: Inbox
  readonly info: EmulatorInfo & { readonly httpUrl: string }
  readonly control: EmulatorControl
  readonly query: URLSearchParams
  /** What the body holds; undefined for none. */
  readonly body: unknown
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

export type Route = readonly [
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: RegExp,
  reply: (request: RouteRequest, ...captured: string[]) => HttpReply | Promise<HttpReply>,
]

export const root = '/emulator/v1'

export function route(method: Route[0], path: string, reply: Route[2]): Route {
  return [method, new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`), reply]
}
