import { readDuration, VirtualClock, type Clock, type Duration } from '../clock.ts'
import type { SessionRecord } from '../records/transcript.ts'
import type {
  ClockSummary,
  FaultList,
  LedgerSummary,
  SessionList,
  SessionSummary,
} from './answers.ts'
import { armFault, armFaults, describeFaults } from './fault-list.ts'
import { addressOf } from './query.ts'
import { json, noContent, refusal, type HttpReply } from './reply.ts'
import { root, route, type Route } from './route.ts'

/** Who got what, what was said, what goes wrong, and what time it is. */
export const controlRoutes: readonly Route[] = [
  route(
    'GET',
    `${root}/ledger`,
    ({ control: { ledger }, query }) => {
      const messageId = addressOf(query, 'messageId')
      const recipient = addressOf(query, 'recipient')
      const copies = ledger.copies({ messageId, recipient })
      return json<LedgerSummary>({
        count: copies.length,
        copies: copies.map((copy) => ({ ...copy, at: copy.at.toISOString() })),
        forgotten: ledger.forgotten,
      })
    },
    ['messageId', 'recipient'],
  ),

  route('GET', `${root}/sessions`, ({ control: { records } }) =>
    json<SessionList>({
      sessions: records.list().toReversed().map(summariseSession),
      forgotten: records.forgotten,
    }),
  ),
  route('GET', `${root}/sessions/{}`, ({ control: { records } }, id = '') => {
    const session = records.find(id)
    return session
      ? json<SessionRecord>(session)
      : refusal(404, 'There is no such session, or no longer.')
  }),

  route('GET', `${root}/faults`, ({ control: { faults } }) =>
    json<FaultList>(describeFaults(faults)),
  ),
  route('PUT', `${root}/faults`, ({ control: { faults }, body }) =>
    orRefusal(() => {
      armFaults(faults, body)
      return json<FaultList>(describeFaults(faults))
    }),
  ),
  route('POST', `${root}/faults`, ({ control: { faults }, body }) =>
    orRefusal(() => {
      armFault(faults, body)
      return json<FaultList>(describeFaults(faults))
    }),
  ),
  route('DELETE', `${root}/faults`, ({ control: { faults } }) => {
    faults.clear()
    return noContent
  }),

  route('GET', `${root}/clock`, ({ control: { clock } }) =>
    json<ClockSummary>(describeClock(clock)),
  ),
  route('POST', `${root}/clock`, ({ control: { clock }, body }) =>
    orRefusal(() => {
      if (!(clock instanceof VirtualClock)) {
        return refusal(409, "The emulator runs on real time: start it with clock 'virtual'.")
      }
      advance(clock, body)
      return json<ClockSummary>(describeClock(clock))
    }),
  ),
]

function summariseSession({
  id,
  port,
  openedAt,
  closedAt,
  user,
  tls,
  lines,
}: SessionRecord): SessionSummary {
  return {
    id,
    port,
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    user: user ?? null,
    tls: tls ?? null,
    lines: lines.length,
  }
}

function describeClock(clock: Clock): ClockSummary {
  const kind = clock instanceof VirtualClock ? 'virtual' : 'real'
  return { clock: kind, now: clock.now().toISOString() }
}

// A Date goes no further; it is the year 275760.
const endOfTime = 8.64e15

function advance(clock: VirtualClock, body: unknown): void {
  const { advance: by, ...rest } = (body ?? {}) as Readonly<Record<string, unknown>>
  if (by === undefined || Object.keys(rest).length > 0) {
    throw new TypeError('The clock takes { "advance": "3h" }, or milliseconds.')
  }
  if (clock.time() + readDuration(by as Duration) > endOfTime) {
    throw new RangeError('The clock cannot go that far: the year 275760 is its end.')
  }
  clock.advance(by as Duration)
}

/** What cannot be is thrown as a sentence. */
function orRefusal(reply: () => HttpReply): HttpReply {
  try {
    return reply()
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    return refusal(400, error.message)
  }
}
