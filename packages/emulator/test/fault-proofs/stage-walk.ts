import type { VirtualClock } from '../../src/clock.ts'
import type { Stage } from '../../src/faults/fault.ts'
import { plainLogin, type OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'

/** How a client comes to a stage that ends with a reply, and what it then hears. */
export interface StageWalk {
  /** What is said before, and how each answer ends. */
  readonly before: readonly (readonly [said: string, answer: string])[]
  /** What is said at the stage; for `greeting` and `idle` nothing is. */
  readonly said: string
  readonly due: string
  /** What a command that had its effect makes of the next one, and what one without makes. */
  readonly next?: { readonly said: string; readonly done: string; readonly undone: string }
  /** The server hangs up after it. */
  readonly closes?: true
}

const ehlo =
  '250-0123456789ab\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n'
const greeting = '220 Mailgun Influx ready\r\n'
const badSequence = '503 Bad sequence of commands\r\n'
const hello = [
  ['', greeting],
  ['EHLO x\r\n', 'S\r\n'],
] as const
const loggedIn = [...hello, [`AUTH PLAIN ${plainLogin}\r\n`, 'successful\r\n']] as const
const sender = [...loggedIn, ['MAIL FROM:<a@b.c>\r\n', 'accepted\r\n']] as const
const recipient = [...sender, ['RCPT TO:<d@e.f>\r\n', 'accepted\r\n']] as const
const data = [...recipient, ['DATA\r\n', 'Continue\r\n']] as const

export const message = 'Message-ID: <1@x>\r\n\r\nbody\r\n.\r\n'

export const walks = {
  greeting: { before: [], said: '', due: greeting },
  ehlo: {
    before: hello.slice(0, 1),
    said: 'EHLO x\r\n',
    due: `${ehlo}250-PIPELINING\r\n250 STARTTLS\r\n`,
    next: {
      said: 'MAIL FROM:<a@b.c>\r\n',
      done: '250 Sender address accepted\r\n',
      undone: badSequence,
    },
  },
  starttls: { before: hello, said: 'STARTTLS\r\n', due: '220 Go ahead\r\n' },
  auth: {
    before: hello,
    said: `AUTH PLAIN ${plainLogin}\r\n`,
    due: '235 Authentication successful\r\n',
    next: {
      said: 'AUTH CRAM-MD5\r\n',
      done: badSequence,
      undone: '504 Unrecognized authentication type\r\n',
    },
  },
  mail: {
    before: loggedIn,
    said: 'MAIL FROM:<a@b.c>\r\n',
    due: '250 Sender address accepted\r\n',
    next: {
      said: 'RCPT TO:<d@e.f>\r\n',
      done: '250 Recipient address accepted\r\n',
      undone: badSequence,
    },
  },
  rcpt: {
    before: sender,
    said: 'RCPT TO:<d@e.f>\r\n',
    due: '250 Recipient address accepted\r\n',
    next: { said: 'DATA\r\n', done: '354 Continue\r\n', undone: '503 RCPT command expected\r\n' },
  },
  data: {
    before: recipient,
    said: 'DATA\r\n',
    due: '354 Continue\r\n',
    next: {
      said: 'NOOP\r\n.\r\n',
      done: '250 Great success\r\n',
      undone: '250 OK\r\n500 Syntax error, command unrecognized\r\n',
    },
  },
  final: { before: data, said: message, due: '250 Great success\r\n' },
  quit: {
    before: loggedIn,
    said: 'QUIT\r\n',
    due: '221 See you later. Yours truly, Mailgun\r\n',
    closes: true,
  },
  idle: {
    before: loggedIn,
    said: '',
    due: '421 Service not available, closing transmission channel\r\n',
    closes: true,
  },
} satisfies Partial<Record<Stage, StageWalk>>

export const walk: Readonly<Partial<Record<Stage, StageWalk>>> = walks

/** Goes to the stage and does what brings it about; the answer is still to come. */
export async function reach(
  smtp: OpenSmtp,
  stage: Stage,
  by: { readonly secure: boolean; readonly clock: VirtualClock },
): Promise<Wire> {
  const { before = [], said = '' } = walk[stage] ?? {}
  const wire = by.secure ? await Wire.openSecure(smtp) : await Wire.open(smtp)
  for (const [line, answer] of before) {
    if (line !== '') wire.send(line)
    // Inside TLS, STARTTLS is not the last line.
    await wire.until(by.secure && answer === 'S\r\n' ? 'PIPELINING\r\n' : answer)
  }
  if (stage === 'idle') by.clock.advance('5m')
  else if (said !== '') wire.send(said)
  return wire
}

/** Resolves when the server has read what was sent before on other connections. */
export async function roundTrip(smtp: OpenSmtp): Promise<void> {
  const wire = await Wire.open(smtp)
  await wire.until('ready\r\n')
  for (let turn = 0; turn < 3; turn++) await wire.ask('NOOP\r\n', '250 OK\r\n')
  wire.close()
}
