import type { MailgunOptions } from '@mailgun-smtp/core/headers'
import type { Evidence } from '../evidence.ts'
import type { DomainSending } from './domain-sending.ts'
import { domainOf } from '../mime/mail-address.ts'

/** The mail server of a recipient's domain. */
export interface MxOptions {
  /** Whether the server offers STARTTLS. Default: `true`. */
  readonly tls?: boolean | undefined
  /** Whether the server's certificate passes Mailgun's check. Default: `'valid'`. */
  readonly certificate?: 'valid' | 'invalid' | undefined
}

/** Why a copy did not reach its recipient's server. */
export type DeliveryFailure = 'tls-not-offered' | 'certificate-invalid'

/** The hop from Mailgun to the recipient's server, in the words of the events' `delivery-status`. */
export interface DeliveryStatus {
  readonly mxHost: string
  /** Whether the copy travelled in TLS. */
  readonly tls: boolean
  readonly certificateVerified: boolean
  /** Undefined if the server has the copy. */
  readonly failure?: DeliveryFailure | undefined
  /** The failure in words. */
  readonly description?: string | undefined
}

/** What a server offers. */
type Offer = 'nothing' | 'invalid' | 'valid'

type HopEnd = 'verified' | 'unverified' | 'in clear' | DeliveryFailure

interface HopRule {
  /** By what the server offers: no TLS, or TLS with such a certificate. */
  readonly ends: Readonly<Record<Offer, HopEnd>>
  readonly evidence: Evidence
  readonly source: string
}

const manual = 'manual, "TLS Sending Connection Settings"'

/** By `requireTls`, then by `skipVerification`. */
export const hopRules: Readonly<
  Record<'attempted' | 'required', Readonly<Record<'checked' | 'unchecked', HopRule>>>
> = {
  attempted: {
    checked: {
      ends: { nothing: 'in clear', invalid: 'in clear', valid: 'verified' },
      evidence: 'documented',
      source: `${manual}: in clear if TLS or the check fails`,
    },
    unchecked: {
      ends: { nothing: 'in clear', invalid: 'unverified', valid: 'unverified' },
      evidence: 'documented',
      source: `${manual}: in clear only if STARTTLS is not offered`,
    },
  },
  required: {
    checked: {
      ends: { nothing: 'tls-not-offered', invalid: 'certificate-invalid', valid: 'verified' },
      evidence: 'documented',
      source: `${manual}: not delivered without both`,
    },
    unchecked: {
      ends: { nothing: 'tls-not-offered', invalid: 'unverified', valid: 'unverified' },
      evidence: 'documented',
      source: `${manual}: any certificate will do`,
    },
  },
}

/** The words are the emulator's own. */
const descriptions: Readonly<Record<DeliveryFailure, string>> = {
  'tls-not-offered': "TLS is required, and the recipient's server does not offer STARTTLS.",
  'certificate-invalid':
    "TLS with a verified certificate is required, and that of the recipient's server does not pass.",
}

/** What of a message and of the world decides on its last hop. */
export interface HopSource {
  readonly options: MailgunOptions
  /** The sending domain's settings; the message's own options count more. */
  readonly sending: DomainSending | undefined
  /** By the recipient's domain. A server without an entry offers TLS with a valid certificate. */
  readonly mx: (recipientDomain: string) => MxOptions | undefined
}

/** How a copy's last hop ends. Nothing is tried twice. */
export function lastHop(recipient: string, { options, sending, mx }: HopSource): DeliveryStatus {
  const requireTls = options.requireTls ?? sending?.requireTls ?? false
  const skipVerification = options.skipVerification ?? sending?.skipVerification ?? false
  const rule =
    hopRules[requireTls ? 'required' : 'attempted'][skipVerification ? 'unchecked' : 'checked']
  const domain = domainOf(recipient)
  return status(`mx.${domain}`, rule.ends[offerOf(mx(domain))])
}

function offerOf({ tls = true, certificate = 'valid' }: MxOptions = {}): Offer {
  return tls ? certificate : 'nothing'
}

function status(mxHost: string, end: HopEnd): DeliveryStatus {
  const certificateVerified = end === 'verified'
  const way = { mxHost, tls: certificateVerified || end === 'unverified', certificateVerified }
  return end === 'tls-not-offered' || end === 'certificate-invalid'
    ? { ...way, failure: end, description: descriptions[end] }
    : way
}
