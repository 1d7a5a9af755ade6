/** Where in a session the server does what it should not. */
export const moments = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'body', 'dot'] as const

export type Moment = (typeof moments)[number]

/** What the server does in place of its usual reply. */
export interface Deed {
  readonly name: string
  /** Whether the server keeps SMTP's grammar. */
  readonly isPlain: boolean
  /** What it writes. `%` is its usual reply, without a line end. */
  readonly says?: string
  /** How it writes that: at once, byte by byte, or after a while. */
  readonly pace?: 'bytes' | 'late'
  /** What it does to the connection then. */
  readonly ends?: 'end' | 'reset' | 'deaf'
}

/** A deed at a moment. */
export interface Kind extends Deed {
  readonly at: Moment
}

const refusals = ['421', '450', '451', '452', '454', '503', '535', '550', '552', '554'].map(
  (code): Deed => ({ name: code, isPlain: true, says: `${code} canary-to says no\r\n` }),
)

const deeds: readonly Deed[] = [
  ...refusals,
  { name: 'two lines of a refusal', isPlain: true, says: '450-canary-\r\n450 to@far.test\r\n' },
  {
    name: 'a refusal, then the end',
    isPlain: true,
    says: '421 4.7.0 canary-body\r\n',
    ends: 'end',
  },
  { name: 'a rejection, then the end', isPlain: true, says: '550 5.7.1 no\r\n', ends: 'reset' },
  { name: 'the end', isPlain: true, ends: 'end' },
  { name: 'a reset', isPlain: true, ends: 'reset' },
  { name: 'silence', isPlain: true, ends: 'deaf' },
  { name: 'the usual reply, then the end', isPlain: true, says: '%\r\n', ends: 'end' },
  { name: 'the usual reply, byte by byte', isPlain: true, says: '%\r\n', pace: 'bytes' },
  { name: 'the usual reply, late', isPlain: true, says: '%\r\n', pace: 'late' },
  { name: 'half a line, then the end', isPlain: false, says: '25', ends: 'end' },
  { name: 'a line without its end', isPlain: false, says: '%', ends: 'end' },
  { name: 'half of two lines', isPlain: false, says: '250-ok\r\n', ends: 'reset' },
  { name: '199', isPlain: false, says: '199 hm\r\n' },
  { name: '354', isPlain: false, says: '354 go on\r\n' },
  { name: '600', isPlain: false, says: '600 no\r\n' },
  { name: 'words', isPlain: false, says: 'what? canary-to@far.test\r\n' },
  { name: 'an empty line', isPlain: false, says: '\r\n%\r\n' },
  { name: 'control bytes', isPlain: false, says: '25\u00000 ok\r\n' },
  { name: 'a long line', isPlain: false, says: `250 ${'x'.repeat(5000)}\r\n` },
  { name: 'lines that disagree: yes, no', isPlain: false, says: '250-ok\r\n550 no\r\n' },
  { name: 'lines that disagree: no, yes', isPlain: false, says: '550-no\r\n250 ok\r\n' },
  { name: 'lines that disagree: later, yes', isPlain: false, says: '450-later\r\n250 ok\r\n' },
  { name: 'the reply twice', isPlain: false, says: '%\r\n%\r\n' },
  { name: 'a yes too many', isPlain: false, says: '%\r\n250 ok\r\n' },
  { name: 'a no too many', isPlain: false, says: '%\r\n550 no\r\n' },
  { name: 'a later too many', isPlain: false, says: '%\r\n451 later\r\n' },
]

/** Every kind of fault: each deed at each moment. */
export const kinds: readonly Kind[] = moments.flatMap((at) =>
  deeds.map((deed) => ({ ...deed, at })),
)
