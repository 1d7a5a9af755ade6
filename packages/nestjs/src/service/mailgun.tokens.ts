import type { InjectionToken } from '@nestjs/common'
import { MailgunService } from './mailgun.service.ts'

/** The name of a mailer that is given none. */
export const DEFAULT_NAME = 'default'

/** The token of a mailer's service: the class {@link MailgunService} itself for the one without a name. */
export function getMailgunToken(name: string = DEFAULT_NAME): InjectionToken<MailgunService> {
  return name === DEFAULT_NAME ? MailgunService : `MailgunService:${name}`
}

/**
 * The token of the service that `forRoot` made, without the options of any `forFeature`: for `app.get()`, which knows
 * no module to look from.
 */
export function getMailgunRootToken(name: string = DEFAULT_NAME): InjectionToken<MailgunService> {
  return `MailgunRootService:${name}`
}

/**
 * The token of what a mailer sends through in place of its own connection: a nodemailer transporter, or a mailer.
 * There is nothing under it until a test overrides it.
 */
export function getMailgunTransporterToken(name: string = DEFAULT_NAME): InjectionToken {
  return `MailgunTransporter:${name}`
}
