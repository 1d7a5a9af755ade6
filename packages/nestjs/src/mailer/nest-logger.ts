import type { Logger } from '@mailgun-smtp/core'
import { Logger as NestLogger } from '@nestjs/common'

/** Nest's logger for a mailer's events, which hold counts and codes. Nest takes the words first. */
export function nestLogger(context: string): Logger {
  const logger = new NestLogger(context)
  return {
    debug: (event, message) => logger.debug(message, event),
    info: (event, message) => logger.log(message, event),
    warn: (event, message) => logger.warn(message, event),
    error: (event, message) => logger.error(message, event),
  }
}
