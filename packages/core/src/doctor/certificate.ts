import type { TLSSocket } from 'node:tls'
import type { PortFault } from './port-faults.ts'

/** What Node says of a certificate, and what it means. All its other words are about the authority. */
const faults: Readonly<Record<string, PortFault>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-early',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
}

/** What is wrong with the certificate a server showed. */
export function certificateFault(socket: TLSSocket): PortFault | undefined {
  if (socket.authorized) return undefined
  // The type says Error, but the value is the error's code.
  return faults[String(socket.authorizationError)] ?? 'certificate-authority'
}
