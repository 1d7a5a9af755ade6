import type { MailgunConfig } from './config.ts'
import { ConfigError } from '../outcome/errors.ts'
import { regions, type Region } from '../regions.ts'

const example = 'mailgun+smtp://login:password@us:587'

/**
 * Reads `mailgun+smtp://login:password@us:587`, or `smtp(s)://login:password@host:port`: `smtp` begins with
 * STARTTLS, `smtps` with TLS. The query may hold `pool=true` and, to a loopback host, `requireTLS=false`.
 *
 * @throws {ConfigError} if the URL is not one of these. The message shows no part of it.
 */
export function parseConfigUrl(text: string): MailgunConfig {
  const url = parse(text)
  const scheme = url.protocol.slice(0, -1).toLowerCase()
  if (!['mailgun+smtp', 'smtp', 'smtps'].includes(scheme)) {
    throw new ConfigError(`The URL must begin with mailgun+smtp, smtp or smtps: ${example}`)
  }
  if (!url.username || !url.password || (url.pathname !== '' && url.pathname !== '/') || url.hash) {
    throw new ConfigError(
      `The URL must read ${example}; percent-encode / # ? and @ in the login and the password.`,
    )
  }
  return {
    auth: { user: decode(url.username), pass: decode(url.password) },
    ...(scheme === 'mailgun+smtp' ? regional(url) : direct(url, scheme === 'smtps')),
    ...settings(url.searchParams),
  }
}

function parse(text: string): URL {
  // The parser drops tabs and line breaks, so two different strings would become the same host.
  if (/\p{Cc}/u.test(text.trim())) {
    throw new ConfigError('The URL must not hold line breaks, tabs or other controls.')
  }
  try {
    return new URL(text.trim())
  } catch {
    throw new ConfigError(
      `The URL does not parse; write ${example} and percent-encode / # ? and @ in the login and the password.`,
    )
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ConfigError('A % in the login or the password of the URL must be written as %25.')
  }
}

function regional(url: URL): Pick<MailgunConfig, 'region' | 'port'> {
  const region = url.hostname.toLowerCase()
  if (!Object.hasOwn(regions, region)) {
    throw new ConfigError(`The host of a mailgun+smtp URL is us or eu: ${example}`)
  }
  return { region: region as Region, ...port(url) }
}

function direct(url: URL, secure: boolean): Pick<MailgunConfig, 'host' | 'port' | 'secure'> {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), secure, ...port(url) }
}

function port(url: URL): Pick<MailgunConfig, 'port'> {
  return url.port === '' ? {} : { port: Number(url.port) }
}

function settings(query: URLSearchParams): Pick<MailgunConfig, 'pool' | 'requireTLS'> {
  const found: { pool?: boolean; requireTLS?: boolean } = {}
  for (const [key, value] of query) {
    if ((key !== 'pool' && key !== 'requireTLS') || (value !== 'true' && value !== 'false')) {
      throw new ConfigError(
        'The query of the URL may hold pool=true or requireTLS=false; give other settings in a config object.',
      )
    }
    found[key] = value === 'true'
  }
  return found
}
