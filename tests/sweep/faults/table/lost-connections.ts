import type { FaultMoment } from '@mailgun-smtp/emulator'
import { shortEnd } from './deadlines.ts'
import { faultAt, type Row } from './row.ts'
import type { Way } from '../../scene/ways.ts'

interface Moment {
  readonly at:
    | 'connect'
    | 'greeting'
    | 'ehlo'
    | 'starttls'
    | 'tls'
    | 'auth'
    | 'mail'
    | 'rcpt'
    | 'data'
  readonly what: string
  readonly when?: Row['when']
  readonly ports?: readonly Way['port'][]
}

const starttls = ['starttls'] as const
const three = () => ({ to: ['ada@example.com', 'alan@example.com', 'grace@example.com'] })
const five = 5_000_000
const bulky = () => ({
  attachments: [{ filename: 'five.bin', content: Buffer.alloc(five * 0.74, 'x') }],
})

/** The moments before a body, in their order. */
const moments: readonly Moment[] = [
  { at: 'connect', what: 'the connection' },
  { at: 'greeting', what: 'the greeting' },
  { at: 'ehlo', what: 'EHLO' },
  { at: 'starttls', what: 'STARTTLS', ports: starttls },
  { at: 'tls', what: 'the handshake' },
  { at: 'ehlo', what: 'EHLO in TLS', when: secondOfSession, ports: starttls },
  { at: 'auth', what: 'AUTH' },
  { at: 'mail', what: 'MAIL' },
  {
    at: 'rcpt',
    what: 'the first RCPT',
    when:
      () =>
      ({ to }) =>
        to.length === 1,
  },
  {
    at: 'rcpt',
    what: 'the last RCPT',
    when:
      () =>
      ({ to }) =>
        to.length === 3,
  },
  { at: 'data', what: 'DATA' },
]

/** How a connection ends. */
const endings = [
  { ending: 'drop', name: 'RST' },
  { ending: 'end', name: 'FIN' },
] as const

function secondOfSession(): (moment: FaultMoment) => boolean {
  const seen = new Set<string>()
  return ({ session: { id } }) => {
    const isSecond = seen.has(id)
    seen.add(id)
    return isSecond
  }
}

const beforeBody: readonly Row[] = moments.flatMap(({ at, what, when, ports }) =>
  endings.flatMap(({ ending, name }) => {
    const fault = faultAt(at, { [ending]: true })
    const row = { id: 'F1', fault, when, ports, message: three } as const
    return [
      {
        ...row,
        what: `${name} at ${what}, once`,
        strikes: 'once' as const,
        expected: { outcome: 'accepted', copies: 1 },
      },
      {
        ...row,
        what: `${name} at ${what}, always`,
        strikes: 'always' as const,
        expected: { outcome: 'deferred', attempts: 3, copies: 0, retryable: true },
      },
    ] as const
  }),
)

const taken = { outcome: 'accepted', attempts: 2, copies: 1 } as const
const untaken = { outcome: 'unknown', attempts: 1, copies: 0 } as const

const inBody: readonly Row[] = [
  { percent: 0, expected: taken },
  { percent: 1, expected: taken },
  { percent: 50, expected: taken },
  // What is left of the body may all stand in the sockets' buffers by then: both words are honest.
  { percent: 99, expected: [taken, untaken] },
].flatMap(({ percent, expected }) =>
  endings.map(({ ending, name }) => ({
    id: 'F2' as const,
    what: `${name} after ${percent} % of a body of 5 MB`,
    fault: faultAt('body', { afterBytes: (five * percent) / 100, [ending]: true }),
    strikes: 'once' as const,
    message: bulky,
    expected,
  })),
)

const stores = [
  { when: 'before-store', copies: 0 },
  { when: 'after-store', copies: 1 },
] as const

const afterDot: readonly Row[] = stores.flatMap(({ when, copies }) => [
  ...endings.flatMap(({ ending, name }) => {
    const fault = faultAt('final', { [ending]: when })
    return [
      {
        id: 'F3',
        what: `${name} after the dot, ${when}`,
        fault,
        strikes: 'always',
        expected: {
          outcome: 'unknown',
          code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
          retryable: false,
          attempts: 1,
          copies,
        },
      },
      {
        id: 'F3',
        what: `${name} after the dot, ${when}, sent again on request`,
        fault,
        strikes: 'once',
        config: { onUnknown: 'resend' },
        expected: { outcome: 'accepted', attempts: 2, copies: copies + 1 },
      },
    ] as const
  }),
  {
    id: 'F4',
    what: `silence after the dot, ${when}`,
    fault: { at: 'final', stall: when },
    strikes: 'always',
    config: shortEnd,
    expected: { outcome: 'unknown', copies },
  },
])

export const lostConnections: readonly Row[] = [...beforeBody, ...inBody, ...afterDot]
