import { InvalidOptionError } from '../outcome/errors.ts'

/** A field of the message that cannot be sent. */
export function invalid(path: string, rule: string): InvalidOptionError {
  return new InvalidOptionError(path, rule, 'ERR_MAILGUN_INVALID_MESSAGE')
}
