import { createTransport, type SMTPSentMessageInfo, type SMTPTransportOptions } from 'nodemailer'
import { attachMailgun, type MailgunTransporter } from './attach.ts'
import { completeConfig } from '../config/complete-config.ts'
import {
  resolveConfig,
  resolvePorts,
  type MailgunConfig,
  type DeliverySettings,
} from '../config/config.ts'
import { resolveDeadlines } from '../config/deadlines.ts'
import { Dialer } from './dialer.ts'
import { warnOfDropped } from './dropped-plaintext.ts'
import { PortRota } from './port-rota.ts'
import { mailerSettingKinds } from '../config/mailer-settings.ts'
import { ConfigError } from '../outcome/errors.ts'

/** A transporter of nodemailer's that connects by a dialer. */
export interface DialedTransport {
  readonly transporter: MailgunTransporter<SMTPSentMessageInfo>
  /** One that opens a connection for each message. The same, if that one does. */
  readonly fresh: MailgunTransporter<SMTPSentMessageInfo>
  readonly dialer: Dialer
}

/**
 * Creates a nodemailer transporter for Mailgun's SMTP servers, whose messages take Mailgun's options.
 *
 * It demands TLS: without it, a connection stripped of STARTTLS would show the password. Of the deadlines it keeps
 * `connect` and `greeting`; retries, rate limit and keys are a mailer's.
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

/** Makes a transporter and what it connects by. Nothing is opened yet. */
export function openTransport(config: MailgunConfig): DialedTransport {
  const options = resolveConfig(config)
  const dialer = new Dialer({
    host: options.host ?? '',
    rota: new PortRota(resolvePorts(config)),
    tls: options.tls ?? {},
    deadline: resolveDeadlines(config.deadlines).connect,
    onDropped: options.requireTLS ? warnOfDropped(config.logger) : undefined,
  })
  const open = (own: SMTPTransportOptions): MailgunTransporter<SMTPSentMessageInfo> =>
    attachMailgun(
      held(
        createTransport({ ...own, getSocket: dialer.getSocket }, { ...config.defaults }),
        dialer,
      ),
    )
  const transporter = open(options)
  return {
    transporter,
    fresh: config.pool ? open({ ...options, pool: false }) : transporter,
    dialer,
  }
}

/** Tells the dialer when messages are on their way: between them, a kept connection lets the process end. */
function held<Transport extends ReturnType<typeof createTransport>>(
  transporter: Transport,
  dialer: Dialer,
): Transport {
  const inner = transporter.transporter
  for (const part of [transporter, inner]) hideOptions(part)
  const send = inner.send.bind(inner)
  inner.send = (mail, callback) => {
    dialer.begin()
    send(mail, (error, info) => {
      dialer.end()
      callback(error, info)
    })
  }
  return transporter
}

/** nodemailer keeps the password in plain properties; no `inspect` in a log may show it. */
function hideOptions(part: { readonly name?: string; readonly options?: object }): void {
  const { host, port, pool } = { host: '', port: 0, pool: false, ...part.options }
  Object.defineProperty(part, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => ({ host, port, pool }),
  })
}
