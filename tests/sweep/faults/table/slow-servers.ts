import type { Fault } from '@mailgun-smtp/emulator'
import { Readable } from 'node:stream'
import { shortBody, shortEnd, soon } from './deadlines.ts'
import type { Row } from './row.ts'

const untaken = { outcome: 'deferred', copies: 0, retryable: true, attempts: 1 } as const
const unknown = { outcome: 'unknown', copies: 1 } as const

/** A body with no end. */
function endless(): Readable {
  return new Readable({
    read() {
      this.push(Buffer.alloc(65_536, 'x'))
    },
  })
}

interface Slowness {
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
  readonly deadlines: NonNullable<Row['config']>['deadlines']
}

const phases: readonly Slowness[] = [
  { at: 'connect', deadlines: { connect: soon, greeting: soon } },
  { at: 'greeting', deadlines: { greeting: soon } },
  { at: 'ehlo', deadlines: { untilBody: soon } },
  { at: 'starttls', deadlines: { untilBody: soon } },
  { at: 'tls', deadlines: { connect: soon, untilBody: soon } },
  { at: 'auth', deadlines: { untilBody: soon } },
  { at: 'mail', deadlines: { untilBody: soon } },
  { at: 'rcpt', deadlines: { untilBody: soon } },
  { at: 'data', deadlines: { untilBody: soon } },
]

function rowsOf({ at, deadlines }: Slowness): Row[] {
  const row = {
    ports: at === 'starttls' ? (['starttls'] as const) : undefined,
    strikes: 'always',
    config: { deadlines, retry: false },
    recovers: false,
    expected: untaken,
  } as const
  const silence: Row = {
    ...row,
    id: 'F13',
    what: `silence from ${at} on`,
    fault: { at, stall: true },
  }
  if (at === 'connect' || at === 'tls') return [silence]
  const drip: Fault = { at, slow: 1 }
  // A greeting that drips is still within the deadline for silence, but not within the one for the body.
  const config = { ...row.config, deadlines: { ...deadlines, untilBody: soon } }
  return [silence, { ...row, config, id: 'F12', what: `one byte a second at ${at}`, fault: drip }]
}

export const slowServers: readonly Row[] = [
  ...phases.flatMap(rowsOf),
  {
    id: 'F12',
    what: 'a body without end, read at ten bytes a second',
    fault: { at: 'body', slow: 10 },
    strikes: 'always',
    message: () => ({ attachments: [{ filename: 'endless.txt', content: endless() }] }),
    config: shortBody,
    expected: { ...untaken, code: 'ERR_MAILGUN_TIMEOUT' },
  },
  {
    id: 'F12',
    what: 'one byte a second at the end',
    fault: { at: 'final', slow: 1 },
    strikes: 'always',
    config: shortEnd,
    expected: unknown,
  },
]
