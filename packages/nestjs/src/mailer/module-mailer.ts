import {
  attachMailgun,
  createMailer,
  isMailer,
  type DeliverySettings,
  type Mailer,
  type MailerSettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'

/** A transporter of nodemailer. */
export type ReadyTransporter = Extract<
  Parameters<typeof createMailer>[0],
  { readonly sendMail: unknown }
>

/** What a mailer can be made from: a config, a ready mailer or transporter, or with neither the environment. */
export interface MailerSource {
  readonly config?: MailgunConfig | DeliverySettings | undefined
  readonly ready?: Mailer | ReadyTransporter | undefined
  readonly settings: MailerSettings
}

/** @throws {ConfigError} if the source cannot make a mailer. */
export function mailerOf({ config, ready, settings }: MailerSource): Mailer {
  if (isMailer(ready)) return ready
  return config ? createMailer(config, settings) : createMailer(ready, settings)
}

/** The transporter with other defaults for its messages. The given one is unchanged: other mailers may send through it too. */
export function withDefaultFields(
  transporter: ReadyTransporter,
  defaults: object,
): ReadyTransporter {
  const attached = attachMailgun(transporter)
  return Object.create(attached, {
    _defaults: { value: { ...attached._defaults, ...defaults } },
  }) as ReadyTransporter
}

export function isTransporter(value: unknown): value is ReadyTransporter {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sendMail' in value &&
    typeof value.sendMail === 'function'
  )
}
