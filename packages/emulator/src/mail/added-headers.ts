import { createHash } from 'node:crypto'
import type { SessionInfo } from '../smtp/policy.ts'
import type { Evidence } from '../evidence.ts'
import { domainOf, firstAddress, localPartOf } from '../mime/mail-address.ts'

/** What added headers tell of a copy. */
export interface Stamp {
  readonly submission: {
    readonly id: string
    readonly receivedAt: Date
    readonly session: SessionInfo
    readonly envelope: { readonly from: string }
    readonly domain: string
    readonly messageId: string | undefined
  }
  readonly recipient: string
  /** The copy's From header, decoded. */
  readonly from: string
  readonly isBatch: boolean
  readonly sendingIp: string | undefined
}

interface AddedHeader {
  readonly header: string
  /** Undefined where Mailgun adds none. */
  readonly value: (stamp: Stamp) => string | undefined
  /** A field of this name that was sent is gone. */
  readonly replaces: boolean
  readonly evidence: Evidence
  readonly source: string
}

/** An address for documentation: RFC 5737. */
const emulatorIp = '192.0.2.1'

/** What Mailgun writes above a message before it leaves, one row each. */
export const addedHeaders: readonly AddedHeader[] = [
  {
    header: 'Received',
    value: ({ submission: { id, receivedAt, session } }) =>
      `by smtp-out-emulator with SMTP id ${id}${tlsNote(session)}; ${dateTime(receivedAt)}`,
    replaces: false,
    evidence: 'observed',
    source:
      'delivered mail: "by smtp-out-… with SMTP id <24 hex> (version=…, cipher=…)"; the client\'s name and the cipher are left out here',
  },
  {
    header: 'X-Mailgun-Sid',
    value: ({ submission: { id, domain }, recipient }) => sid(domain, recipient, id),
    replaces: true,
    evidence: 'observed',
    source: 'delivered mail: base64 of a JSON array of account hash, recipient and message hash',
  },
  {
    header: 'X-Mailgun-Sending-Ip',
    value: ({ sendingIp }) => sendingIp ?? emulatorIp,
    replaces: true,
    evidence: 'observed',
    source:
      'delivered mail; that the option of the same name gives way to the address used is inferred',
  },
  {
    header: 'X-Mailgun-Batch-Id',
    value: ({ isBatch, submission: { id } }) => (isBatch ? id : undefined),
    replaces: true,
    evidence: 'observed',
    source: 'delivered mail; the form of the id is unknown',
  },
  {
    header: 'Sender',
    value: senderOf,
    replaces: true,
    evidence: 'observed',
    source:
      'delivered mail, and help article 360012491394: the login, or local=fromdomain@domain if From is of another domain; that a Sender of the message gives way is inferred',
  },
  {
    header: 'Message-Id',
    value: ({ submission }) =>
      submission.messageId === undefined ? madeMessageId(submission) : undefined,
    replaces: false,
    evidence: 'documented',
    source: 'FAQ: made where the client gave none, as <yyyymmddhhmmss.hex@domain>',
  },
]

/** The fields that are added to a copy, in order. */
export function stampFields(stamp: Stamp): readonly (readonly [name: string, value: string])[] {
  return addedHeaders.flatMap(({ header, value }) => {
    const text = value(stamp)
    return text === undefined ? [] : [[header, text] as const]
  })
}

/** The Message-ID of a submission that came without one. */
export function madeMessageId({
  id,
  receivedAt,
  domain,
}: Pick<Stamp['submission'], 'id' | 'receivedAt' | 'domain'>): string {
  const time = receivedAt.toISOString().replace(/\D/g, '').slice(0, 14)
  return `<${time}.${id.slice(0, 16)}@${domain || 'localhost'}>`
}

function tlsNote({ tls }: SessionInfo): string {
  return tls === undefined ? '' : ` (version=${tls.replace(/^TLSv/, 'TLS')})`
}

function dateTime(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

function sid(domain: string, recipient: string, id: string): string {
  const account = createHash('sha256').update(domain).digest('hex').slice(0, 5)
  const parts = [account, recipient, id.slice(0, 6)].map((part) => JSON.stringify(part))
  return Buffer.from(`[${parts.join(', ')}]`).toString('base64')
}

function senderOf({ submission: { session, envelope, domain }, from }: Stamp): string | undefined {
  const own = session.user ?? envelope.from
  const author = firstAddress(from)
  if (author === undefined || domain === '' || domainOf(author) === domain) return own || undefined
  return `${localPartOf(author)}=${domainOf(author)}@${domain}`
}
