import { Inject } from '@nestjs/common'
import { getMailgunToken } from './mailgun.tokens.ts'

/** Injects the service of the mailer with this name, or of the one without a name. */
export function InjectMailgun(name?: string): PropertyDecorator & ParameterDecorator {
  return Inject(getMailgunToken(name))
}
