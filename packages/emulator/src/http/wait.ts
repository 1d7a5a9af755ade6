import type { Inbox } from '../inbox/inbox.ts'
import { waitForMessage, type WaitSettings } from '../inbox/wait.ts'
import type { CopyDetail, Refusal } from './answers.ts'
import { filterNames, filterOf, numberOf, QueryError } from './query.ts'
import { json, refusal, type HttpReply } from './reply.ts'
import type { RouteRequest } from './route.ts'
import { describeCopy } from './summary.ts'

/** What a wait can be told. */
export const waitNames: readonly string[] = [...filterNames, 'timeout', 'after']

const timeouts = { least: 0, most: 60_000, otherwise: 2_000 }

/** Holds the answer back until a message that matches is there. */
export async function waitReply({ inbox, query, signal }: RouteRequest): Promise<HttpReply> {
  const filter = filterOf(query, 'delivered')
  const timeout = numberOf(query, 'timeout', timeouts)
  const after = afterOf(query.get('after'), inbox)
  try {
    const copy = await waitForMessage(inbox, filter, { timeout, after, signal })
    return json<CopyDetail>(describeCopy(copy, await copy.load()))
  } catch (error) {
    // Not 408, after which browsers ask again by themselves.
    if (error instanceof Error && error.name === 'TimeoutError') {
      return json<Refusal>({ message: error.message, timedOut: true }, 404)
    }
    if (inbox.isClosed) return refusal(503, 'The emulator is closed: no message will come.')
    throw error
  }
}

/** @throws {QueryError} for what is neither a time nor the id of mail that is kept. */
function afterOf(after: string | null, inbox: Inbox): WaitSettings['after'] {
  if (after === null) return undefined
  const known = inbox.submission(after) ?? inbox.copy(after)
  if (known) return known
  const isTime = /^\d{4}-\d\d-\d\dT/.test(after) && !Number.isNaN(Date.parse(after))
  if (isTime) return new Date(after)
  throw new QueryError(
    'after is the id of a message or of a submission that is still kept, or a time such as 2026-12-01T09:30:00Z.',
  )
}
