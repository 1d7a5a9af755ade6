import type { MailgunConfig } from './config.ts'
import { parseConfigUrl } from './config-url.ts'
import { ConfigError } from '../outcome/errors.ts'
import { regions, type Region } from '../regions.ts'

/**
 * Reads `MAILGUN_SMTP_URL`, otherwise the variables that hosting add-ons set: `MAILGUN_SMTP_SERVER`, `_PORT`, `_LOGIN` and
 * `_PASSWORD`, with `MAILGUN_SMTP_REGION` for a domain in the EU.
 *
 * @throws {ConfigError} naming the variable to set.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): MailgunConfig {
  const url = environment.MAILGUN_SMTP_URL
  if (url) return parseConfigUrl(url)
  const user = environment.MAILGUN_SMTP_LOGIN
  const pass = environment.MAILGUN_SMTP_PASSWORD
  if (!user || !pass) {
    throw new ConfigError(
      'There is no Mailgun login: set MAILGUN_SMTP_URL (mailgun+smtp://login:password@us:587), or MAILGUN_SMTP_LOGIN and MAILGUN_SMTP_PASSWORD, or pass a config.',
    )
  }
  return {
    auth: { user, pass },
    ...place(environment.MAILGUN_SMTP_SERVER, environment.MAILGUN_SMTP_REGION),
    ...(environment.MAILGUN_SMTP_PORT ? { port: readPort(environment.MAILGUN_SMTP_PORT) } : {}),
  }
}

function place(
  server: string | undefined,
  region: string | undefined,
): Pick<MailgunConfig, 'host' | 'region'> {
  const name = region?.trim().toLowerCase()
  if (name && !Object.hasOwn(regions, name)) {
    throw new ConfigError('MAILGUN_SMTP_REGION must be us or eu.')
  }
  if (!server) return name ? { region: name as Region } : {}
  const host = server.trim().toLowerCase()
  if (name && regions[name as Region].host !== host) {
    throw new ConfigError(
      'MAILGUN_SMTP_SERVER and MAILGUN_SMTP_REGION name different servers; set one of them.',
    )
  }
  return { host }
}

function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text.trim())) throw new ConfigError('MAILGUN_SMTP_PORT must be a number.')
  return Number(text)
}
