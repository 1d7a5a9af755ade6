import type { Logger } from '@mailgun-smtp/core'
import * as nest from '@nestjs/common'

/**
 * Nest 12 prints an object after the words as the fields of one record, Nest 11 as a second record. Nest exports no
 * version, but it exports this class since 12.
 */
const takesFields = 'StandardSchemaValidationPipe' in nest

/** Nest's logger for the events of a mailer: one record each, the words first, then the fields. */
export function nestLogger(context: string): Logger {
  const logger = new nest.Logger(context)
  const record = (event: object, words: string): [string, ...object[]] =>
    takesFields ? [words, event] : [`${words} ${JSON.stringify(event)}`]
  return {
    debug: (event, words) => logger.debug(...record(event, words)),
    info: (event, words) => logger.log(...record(event, words)),
    warn: (event, words) => logger.warn(...record(event, words)),
    error: (event, words) => logger.error(...record(event, words)),
  }
}
