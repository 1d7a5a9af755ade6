import type { TLSSocket } from 'node:tls'

/** What was agreed on a port. */
export interface TlsReport {
  /** Such as `TLSv1.3`. */
  readonly version: string
  /** The days that the server's certificate is valid from and until, in UTC: `2026-01-31`. */
  readonly certificate: { readonly from: string; readonly until: string }
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
