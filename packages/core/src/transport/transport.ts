import type { SMTPSentMessageInfo } from 'nodemailer'
// What createTransport of the main door returns for a transport. This path leaves out nodemailer's own transports.
import Mail from 'nodemailer/lib/mailer'
import { completeConfig } from '../config/complete-config.ts'
import {
  ownSettings,
  resolveConfig,
  resolvePorts,
  type DeliverySettings,
  type MailgunConfig,
} from '../config/config.ts'
import { resolveDeadlines } from '../config/deadlines.ts'
import { mailerSettingKinds } from '../config/mailer-settings.ts'
import { addCompileStep, checkBuilt } from '../nodemailer/compile-step.ts'
import { defaultsOf, type MailgunTransporter } from '../nodemailer/mailgun-transporter.ts'
import { errorOfRecord } from '../outcome/conclusion.ts'
import { ConfigError } from '../outcome/errors.ts'
import { greetingName } from '../session/greeting-name.ts'
import { SessionCarrier } from './session-carrier.ts'
import { SmtpTransport } from './smtp-transport.ts'

/**
 * Creates a nodemailer transporter for Mailgun's SMTP servers, whose messages take Mailgun's options.
 *
 * It demands TLS: without it, a connection stripped of STARTTLS would show the password. It keeps the
 * deadlines; retries, rate limit and keys are a mailer's.
 *
 * @param config A config, its URL, or nothing for the environment.
 * @throws {ConfigError} if the config cannot lead to a connection. Nothing is opened before the first send.
 */
export function createMailgunTransport(
  config?: MailgunConfig | DeliverySettings | string,
): MailgunTransporter<SMTPSentMessageInfo> {
  const settings = completeConfig(config)
  for (const setting of Object.keys(mailerSettingKinds)) {
    if (setting !== 'deadlines' && Reflect.get(settings, setting) !== undefined) {
      throw new ConfigError(`${setting} needs a mailer: createMailer(config) keeps it.`)
    }
  }
  return openTransport(settings).transporter
}

/** nodemailer's own defaults for a pool. */
const defaultConnections = 5
const defaultMessages = 100

interface OpenedTransport {
  readonly transporter: MailgunTransporter<SMTPSentMessageInfo>
  readonly carrier: SessionCarrier
}

/** What hands a config's messages over. Nothing is opened yet. */
export function openCarrier(config: MailgunConfig): SessionCarrier {
  return openTransport(config).carrier
}

function openTransport(given: MailgunConfig): OpenedTransport {
  const config = resolveConfig(given)
  const { host, auth, tls, name = greetingName(), disableFileAccess, disableUrlAccess } = config
  const { pool: isKept = false, maxConnections = defaultConnections } = config
  const login = { host, ...auth }
  const transport = new SmtpTransport(
    {
      host,
      ports: resolvePorts(given),
      name,
      credentials: auth,
      isTlsDemanded: !config.ignoreTLS,
      tls,
      deadlines: resolveDeadlines(given.deadlines),
    },
    {
      isKept,
      // Without a pool it is a mailer that says how many there may be.
      maxConnections: isKept ? maxConnections : Infinity,
      maxMessages: config.maxMessages ?? defaultMessages,
    },
    { check: checkBuilt, errorOf: (record) => errorOfRecord(record, login) },
  )
  const defaults = { disableFileAccess, disableUrlAccess, ...ownSettings(given).defaults }
  const transporter = new Mail<SMTPSentMessageInfo>(transport, undefined, defaults)
  addCompileStep(transporter)
  // The object is the same; only its type now takes `mailgun`.
  const own = transporter as MailgunTransporter<SMTPSentMessageInfo>
  return {
    transporter: own,
    carrier: new SessionCarrier({
      transporter: own,
      transport,
      login,
      defaults: defaultsOf(own),
      concurrency: maxConnections,
    }),
  }
}
