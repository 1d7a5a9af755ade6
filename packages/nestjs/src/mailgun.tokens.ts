import type { InjectionToken } from '@nestjs/common'
import { MailgunService } from './mailgun.service.ts'

/** The name of a mailer that is given none. */
export const DEFAULT_NAME = 'default'

/** The token of a mailer's service: the class {@link MailgunService} itself for the one without a name. */
export function getMailgunToken(name: string = DEFAULT_NAME): InjectionToken<MailgunService> {
  return name === DEFAULT_NAME ? MailgunService : `MailgunService:${name}`
}
