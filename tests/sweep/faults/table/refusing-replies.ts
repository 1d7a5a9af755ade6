import { faultAt, type Row } from './row.ts'
import type { Verdict } from '../../scene/verdict.ts'

type Stage = 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'final'

interface Refusal {
  readonly at: Stage
  readonly temporary: number
  readonly permanent: number
  /** What 5yz here says of the message. Before MAIL, nothing. */
  readonly permanently: 'rejected' | 'deferred'
}

const refusals: readonly Refusal[] = [
  { at: 'greeting', temporary: 421, permanent: 554, permanently: 'deferred' },
  { at: 'ehlo', temporary: 421, permanent: 550, permanently: 'deferred' },
  { at: 'starttls', temporary: 454, permanent: 554, permanently: 'deferred' },
  { at: 'auth', temporary: 454, permanent: 535, permanently: 'deferred' },
  { at: 'mail', temporary: 451, permanent: 550, permanently: 'rejected' },
  { at: 'rcpt', temporary: 450, permanent: 550, permanently: 'rejected' },
  { at: 'data', temporary: 451, permanent: 554, permanently: 'rejected' },
  { at: 'final', temporary: 451, permanent: 554, permanently: 'rejected' },
]

function refusing(at: Stage, code: number): Pick<Row, 'fault' | 'ports'> {
  return {
    fault: faultAt(at, { reply: [code, 'No, says the sweep'] }),
    ports: at === 'starttls' ? ['starttls'] : undefined,
  }
}

const again = { outcome: 'accepted', attempts: 2, copies: 1 } as const
const deferred = { outcome: 'deferred', attempts: 3, copies: 0, retryable: true } as const

function refused({ at, temporary, permanent, permanently }: Refusal): Row[] {
  const forever: Partial<Verdict> = {
    outcome: permanently,
    attempts: 1,
    copies: 0,
    retryable: false,
    reply: permanent,
  }
  return [
    {
      id: 'F6',
      what: `${temporary} at ${at}, once`,
      ...refusing(at, temporary),
      strikes: 'once',
      expected: again,
    },
    {
      id: 'F6',
      what: `${temporary} at ${at}, always`,
      ...refusing(at, temporary),
      strikes: 'always',
      expected: { ...deferred, reply: temporary },
    },
    {
      id: 'F7',
      what: `${permanent} at ${at}`,
      ...refusing(at, permanent),
      strikes: 'always',
      expected: forever,
      // A refused login rests for a minute.
      ...(at === 'auth' && { recovers: false }),
    },
  ]
}

/** 503 says that the session was in the wrong state (RFC 5321 §4.2.2). */
const outOfOrder: readonly Row[] = (['mail', 'rcpt', 'data', 'final'] as const).map((at) => ({
  id: 'F8',
  what: `503 at ${at}`,
  ...refusing(at, 503),
  strikes: 'once',
  expected: again,
}))

/** 421: the server closes the session (RFC 5321 §3.8). */
const closing: readonly Row[] = (['mail', 'rcpt', 'data', 'final'] as const).map((at) => ({
  id: 'F9',
  what: `421 at ${at}`,
  ...refusing(at, 421),
  strikes: 'once',
  expected: again,
}))

export const refusingReplies: readonly Row[] = [
  ...refusals.flatMap(refused),
  ...outOfOrder,
  ...closing,
]
