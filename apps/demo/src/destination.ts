import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailgunTransport } from '@mailgun-smtp/core'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { loopback } from './ports.ts'

/** Where the mail of the demo goes. */
export interface Destination extends AsyncDisposable {
  /** The SMTP server, for people. */
  readonly smtp: string
  /** The sending domain: that of the login. */
  readonly domain: string
  readonly inbox?: string | undefined
  /** What an app needs in its environment to send there. */
  readonly environment: Readonly<Record<string, string>>
}

/** An emulator in this process, whose certificate authority lies in a folder that only this user can read. */
export async function openEmulator(ports: {
  readonly inbox: number
  readonly smtp: number
}): Promise<Destination> {
  const emulator = await createMailgunEmulator({
    host: loopback,
    port: ports.smtp,
    httpPort: ports.inbox,
    // Whatever the shell says, a demo's mail stays here; a login of Mailgun's is how it goes out.
    allowProduction: true,
  })
  const folder = await mkdtemp(join(tmpdir(), 'deckle-'))
  const forget = (): void => rmSync(folder, { recursive: true, force: true })
  // However this process ends, as long as it can say so.
  process.once('exit', forget)
  const close = async (): Promise<void> => {
    process.off('exit', forget)
    forget()
    await emulator.close()
  }
  try {
    const ca = join(folder, 'emulator-ca.pem')
    await writeFile(ca, emulator.ca)
    return {
      smtp: `${emulator.host}:${emulator.port}`,
      domain: domainOf(emulator.credentials.user),
      inbox: emulator.httpUrl,
      environment: { MAILGUN_SMTP_URL: emulator.smtpUrl, NODE_EXTRA_CA_CERTS: ca },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Mailgun's servers by region. Source: https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp */
const servers: Readonly<Record<string, string>> = {
  us: 'smtp.mailgun.org',
  eu: 'smtp.eu.mailgun.org',
}

/**
 * Mailgun itself, or another server, by the URL that the apps will read.
 *
 * @throws {ConfigError} if the URL cannot lead to a connection. Nothing is opened.
 */
export function throughMailgun(url: string): Destination {
  // It checks the URL, and opens nothing.
  createMailgunTransport(url)
  const { protocol, hostname, port, username } = new URL(url)
  const isRegion = protocol === 'mailgun+smtp:'
  const host = isRegion ? servers[hostname] : hostname
  return {
    smtp: `${host}:${port || (protocol === 'smtps:' ? 465 : 587)}`,
    domain: domainOf(decodeURIComponent(username)),
    environment: { MAILGUN_SMTP_URL: url },
    [Symbol.asyncDispose]: async () => {},
  }
}

function domainOf(login: string): string {
  return login.slice(login.lastIndexOf('@') + 1)
}
