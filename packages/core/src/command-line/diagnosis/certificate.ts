import type { TLSSocket } from 'node:tls'
import type { PortFault } from './port-faults.ts'

/** What was agreed on a port. */
export interface TlsReport {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** The days that the server's certificate is valid from and until, in UTC: `2026-01-31`. */
  readonly certificate: { readonly from: string; readonly until: string }
}

/** What Node says of a certificate, and what it means; whatever else it says is of the authority. */
const faults: Readonly<Record<string, PortFault>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-early',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
}

/** What is wrong with the certificate a server showed. */
export function certificateFault(socket: TLSSocket): PortFault | undefined {
  if (socket.authorized) return undefined
  // Its type says Error; what it holds is the error's code.
  return faults[String(socket.authorizationError)] ?? 'certificate-authority'
}

export function reportTls(socket: TLSSocket): TlsReport {
  const { valid_from: from, valid_to: until } = socket.getPeerCertificate()
  return {
    version: socket.getProtocol() ?? '',
    certificate: { from: day(from), until: day(until) },
  }
}

function day(date: string): string {
  return new Date(date).toISOString().slice(0, 10)
}
