import { isAscii } from 'node:buffer'
import type { Evidence } from '../evidence.ts'
import type { DiagnosticSubject } from './diagnostic-subject.ts'

/** One thing of the transmission, or of how an option is written, in which Mailgun's answer is unknown or surprising. */
export interface DiagnosticRow {
  readonly message: string
  readonly evidence: Evidence
  readonly source: string
  /** Where it is; empty if the submission does not have it. */
  readonly finds: (subject: DiagnosticSubject) => readonly Place[]
}

interface Place {
  readonly path?: string
  readonly header?: string
}

/** The code of a diagnostic that neither core's lint nor `mail/` has. */
export type OwnDiagnosticCode =
  | 'header-unterminated'
  | 'header-line-unreadable'
  | 'header-not-ascii'
  | 'from-missing'
  | 'line-feed-bare'
  | 'carriage-return-bare'
  | 'null-byte'
  | 'body-line-over-998'
  | 'eight-bit-undeclared'
  | 'message-over-25-mb'
  | 'login-in-clear'
  | 'recipient-given-twice'
  | 'boolean-not-yes-or-no'
  | 'drop-message-no'
  | 'json-in-encoded-words'
  | 'optimised-for-several'

/** Beside core's lint and what `mail/` finds in the message itself. */
export const ownDiagnostics: Readonly<Record<OwnDiagnosticCode, DiagnosticRow>> = {
  'header-unterminated': {
    message: 'No empty line ends the header: the whole message was read as header.',
    evidence: 'unknown',
    source: 'Mailgun was seen to refuse an unreadable header with 451; no source tells which',
    finds: ({ header }) => found(!header.isEnded),
  },
  'header-line-unreadable': {
    message: 'A line in the header is not a field. It was skipped.',
    evidence: 'unknown',
    source: 'Mailgun was seen to refuse an unreadable header with 451; no source tells which',
    finds: ({ header }) => found(header.strayLines > 0),
  },
  'header-not-ascii': {
    message: 'A header holds bytes beyond ASCII as they are: encode them (RFC 2047).',
    evidence: 'unknown',
    source: 'SMTPUTF8 is offered; what happens to such a header without it is not documented',
    finds: ({ header }) => found(!header.isAscii),
  },
  'from-missing': {
    message: 'There is no From header.',
    evidence: 'unknown',
    source: 'RFC 5322 section 3.6 asks for one; what Mailgun does without is not documented',
    finds: ({ headerNames }) => found(!headerNames.has('from'), { header: 'From' }),
  },
  'line-feed-bare': {
    message: 'A line ends in LF without CR, which other servers refuse.',
    evidence: 'observed',
    source: 'an ESP8266 sketch: Mailgun takes it',
    finds: ({ raw }) => found(hasBareLineFeed(raw)),
  },
  'carriage-return-bare': {
    message:
      'A carriage return is not followed by a line feed. Other servers refuse such a message.',
    evidence: 'unknown',
    source: 'RFC 5321 section 2.3.8 forbids it; no source tells what Mailgun does',
    finds: ({ raw }) => found(hasBareCarriageReturn(raw)),
  },
  'null-byte': {
    message: 'The message holds a NUL byte. Many servers and readers cut the message there.',
    evidence: 'unknown',
    source: 'RFC 5322 section 4 calls it obsolete; no source tells what Mailgun does',
    finds: ({ raw }) => found(raw.includes(0)),
  },
  'body-line-over-998': {
    message: 'A line of the body is over 998 characters. Servers may cut it: encode the part.',
    evidence: 'unknown',
    source: 'RFC 5322 section 2.1.1; no source tells what Mailgun does',
    finds: ({ raw, bodyStart }) => found(hasLongLine(raw, bodyStart)),
  },
  'eight-bit-undeclared': {
    message:
      'The body holds bytes beyond ASCII, and no MIME-Version says how to read them: add the MIME headers.',
    evidence: 'unknown',
    source: 'RFC 2045 section 4; without it, readers guess the charset',
    finds: ({ raw, bodyStart, headerNames }) =>
      found(!headerNames.has('mime-version') && !isAscii(raw.subarray(bodyStart))),
  },
  'message-over-25-mb': {
    message: 'Over 25 MB: more than the manual allows, though EHLO says 50 MiB.',
    evidence: 'documented',
    source: 'manual and FAQ, 25 MB; EHLO, 52,428,800 bytes: which one holds is unknown',
    finds: ({ raw }) => found(raw.length > 25_000_000),
  },
  'login-in-clear': {
    message: 'The password went over the wire before STARTTLS.',
    evidence: 'observed',
    source: 'a telnet session: Mailgun accepts a login without TLS',
    finds: ({ session }) => found(session.secure === 'none' && session.user !== undefined),
  },
  'recipient-given-twice': {
    message: 'RCPT gave an address more than once: it has as many copies here.',
    evidence: 'unknown',
    source: 'no source tells whether Mailgun sends one copy or two',
    finds: ({ recipients }) => found(new Set(recipients).size < recipients.length),
  },
  'boolean-not-yes-or-no': {
    message: "true and false are words of Mailgun's HTTP API: for headers it documents yes and no.",
    evidence: 'inferred',
    source: "Mailgun's own pipeline writes such headers, so it should read them",
    finds: ({ optionHeaders }) =>
      optionHeaders.filter(({ option, values }) =>
        booleans.has(option) ? values.some((value) => /^(?:true|false)$/i.test(value)) : false,
      ),
  },
  'drop-message-no': {
    message: 'The one value that is documented is yes: without test mode, leave the header out.',
    evidence: 'documented',
    source: "Mailgun's OpenAPI file, o:testmode",
    finds: ({ options, optionHeaders }) =>
      options.dropMessage === false
        ? optionHeaders.filter(({ option }) => option === 'dropMessage')
        : [],
  },
  'json-in-encoded-words': {
    message: 'JSON that came as encoded words (RFC 2047); Mailgun documents it plain and folded.',
    evidence: 'inferred',
    source: "a live service sends it so, and Mailgun's open-source MIME library decodes it",
    finds: ({ optionHeaders }) =>
      optionHeaders.filter(
        ({ option, values }) => json.has(option) && values.some((value) => value.startsWith('=?')),
      ),
  },
  'optimised-for-several': {
    message: 'The time of delivery is optimised for one recipient, and there are several.',
    evidence: 'inferred',
    source: "Mailgun's Go library refuses it; what the server does is unknown",
    finds: ({ recipients, options }) =>
      found(options.deliveryTimeOptimizePeriod != null && recipients.length > 1, {
        path: 'deliveryTimeOptimizePeriod',
      }),
  },
}

const json: ReadonlySet<string> = new Set(['recipientVariables', 'variables', 'templateVariables'])
const booleans: ReadonlySet<string> = new Set([
  'dkim',
  'dropMessage',
  'track',
  'trackClicks',
  'trackOpens',
  'trackPixelLocationTop',
  'requireTls',
  'skipVerification',
])

function found(isSo: boolean, place: Place = {}): readonly Place[] {
  return isSo ? [place] : []
}

function hasBareLineFeed(raw: Buffer): boolean {
  for (let at = raw.indexOf(0x0a); at !== -1; at = raw.indexOf(0x0a, at + 1)) {
    if (raw[at - 1] !== 0x0d) return true
  }
  return false
}

function hasBareCarriageReturn(raw: Buffer): boolean {
  for (let at = raw.indexOf(0x0d); at !== -1; at = raw.indexOf(0x0d, at + 1)) {
    if (raw[at + 1] !== 0x0a) return true
  }
  return false
}

function hasLongLine(raw: Buffer, start: number): boolean {
  let lineStart = start
  while (raw.length - lineStart > 998) {
    const end = raw.indexOf(0x0a, lineStart)
    const length = (end === -1 ? raw.length : end) - lineStart
    // The carriage return before a line feed does not count.
    if (length > (raw[end - 1] === 0x0d ? 999 : 998)) return true
    if (end === -1) return false
    lineStart = end + 1
  }
  return false
}
