import type { Outbox } from '@mailgun-smtp/core/testing'
import type { InjectionToken } from '@nestjs/common'
import { DEFAULT_NAME } from '../service/mailgun.tokens.ts'

/** The token of the outbox that a mailer of `MailgunTestingModule` sends to. */
export function getMailgunOutboxToken(name: string = DEFAULT_NAME): InjectionToken<Outbox> {
  return `MailgunOutbox:${name}`
}
