import { waitForMessage } from '../inbox/wait.ts'
import type { MessageFilter } from '../inbox/message-filter.ts'
import type { MessageState } from '../mail/message.ts'
import type { MessageDetail, Refusal } from './answers.ts'
import { json, refusal, type HttpReply } from './reply.ts'
import type { RouteRequest } from './route.ts'
import { describeMessage } from './summary.ts'

const longestWait = 60_000
const fields = ['to', 'from', 'subject', 'tag', 'messageId'] as const
const states = ['scheduled', 'delivered', 'failed', 'dropped', 'any'] as const

/** The fields of a message filter that an address names. */
export function filterOf(query: URLSearchParams): MessageFilter {
  return Object.fromEntries(fields.map((name) => [name, query.get(name) ?? undefined]))
}

/** The state that an address asks for; undefined if there is no such state. */
export function stateOf(
  query: URLSearchParams,
  otherwise: MessageState | 'any',
): MessageState | 'any' | undefined {
  const asked = query.get('state') ?? otherwise
  return states.find((each) => each === asked)
}

export const noSuchState: HttpReply = refusal(400, `state is one of ${states.join(', ')}.`)

/** Holds the answer back until a message that matches is there. */
export async function waitReply({ inbox, query, signal }: RouteRequest): Promise<HttpReply> {
  const known: readonly string[] = [...fields, 'state', 'timeout']
  const unknown = [...query.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) {
    // Passed over, it would let any message match.
    return refusal(400, `There is no '${unknown}' to wait for, only ${known.join(', ')}.`)
  }
  const timeout = query.get('timeout') ?? '2000'
  if (!/^\d{1,5}$/.test(timeout) || Number(timeout) > longestWait) {
    return refusal(400, `timeout is milliseconds, 0 to ${longestWait}.`)
  }
  const state = stateOf(query, 'delivered')
  if (!state) return noSuchState
  try {
    const settings = { timeout: Number(timeout), signal }
    const message = await waitForMessage(inbox, { ...filterOf(query), state }, settings)
    return json<MessageDetail>(describeMessage(message, await message.load()))
  } catch (error) {
    // Not 408, after which browsers ask again by themselves.
    if (error instanceof Error && error.name === 'TimeoutError') {
      return json<Refusal>({ message: error.message, timedOut: true }, 404)
    }
    if (inbox.isClosed) return refusal(503, 'The emulator is closed: no message will come.')
    throw error
  }
}
