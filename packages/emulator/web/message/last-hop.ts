import type { DeliveryStatus } from '../../src/mail/last-hop.ts'

/** Whether it was not the usual: TLS with a verified certificate. */
export function isRemarkable({ certificateVerified }: DeliveryStatus): boolean {
  return !certificateVerified
}

/** How a copy went to its recipient's server, in a few words. */
export function hopText({ tls, certificateVerified, description }: DeliveryStatus): string {
  if (description !== undefined) return `not delivered: ${description}`
  if (!tls) return 'delivered in clear, without TLS'
  return certificateVerified ? 'delivered by TLS' : 'delivered by TLS, certificate not verified'
}
