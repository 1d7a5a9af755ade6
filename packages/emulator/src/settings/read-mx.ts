import type { MxOptions } from '../mail/last-hop.ts'
import { checkFlag, checkNames, oneOf } from './option-checks.ts'
import { EmulatorError, type MailgunEmulatorOptions, type Settings } from './settings.ts'

const mxNames: Readonly<Record<keyof MxOptions, true>> = { tls: true, certificate: true }

/** @throws {EmulatorError} for a server that cannot be; {@link TypeError} for an unknown word about one. */
export function readMx(servers: NonNullable<MailgunEmulatorOptions['mx']>): Settings['mx'] {
  return new Map(
    Object.entries(servers).map(([domain, server]) => {
      checkServer(domain, server)
      return [domain.toLowerCase(), server]
    }),
  )
}

function checkServer(domain: string, server: MxOptions): void {
  if (domain === '' || domain.includes('@')) {
    throw new EmulatorError(
      'mx',
      `mx has domains as keys, such as example.com; '${domain}' is not one.`,
    )
  }
  if (typeof server !== 'object' || server === null) {
    throw new EmulatorError('mx', `mx: ${domain} takes { tls, certificate }.`)
  }
  checkNames(server, mxNames, 'A server of mx has no option')
  checkFlag('mx', `tls of ${domain}`, server.tls)
  oneOf('mx', server.certificate, ['valid', 'invalid'], `the certificate of ${domain}`)
  if (server.tls === false && server.certificate !== undefined) {
    throw new EmulatorError('mx', `mx: ${domain} offers no TLS, so it shows no certificate.`)
  }
}
