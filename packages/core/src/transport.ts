import { createTransport, type SMTPSentMessageInfo } from 'nodemailer'
import { attachMailgun, type MailgunTransporter } from './attach.ts'
import { resolveConfig, type MailgunConfig } from './config.ts'
import { parseConfigUrl } from './config-url.ts'
import { readEnvironment } from './environment.ts'

/**
 * Creates a nodemailer transporter for Mailgun's SMTP servers, whose messages take Mailgun's options.
 *
 * It demands TLS: without it, a connection stripped of STARTTLS would show the password.
 *
 * @param config A config, its URL, or nothing for the environment.
 * @throws {ConfigError} if the config cannot lead to a connection. Nothing is opened before the first send.
 */
export function createMailgunTransport(
  config: MailgunConfig | string = readEnvironment(),
): MailgunTransporter<SMTPSentMessageInfo> {
  const settings = typeof config === 'string' ? parseConfigUrl(config) : config
  const options = resolveConfig(settings)
  return attachMailgun(createTransport(options, { ...settings.defaults }))
}
