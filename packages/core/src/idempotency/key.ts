import { InvalidOptionError } from '../outcome/errors.ts'

// Neither controls, line ends nor lone surrogates: a key is one line of any log and any store.
const printable = /^[^\p{C}\p{Zl}\p{Zp}]{1,255}$/u

/** @throws {InvalidOptionError} unless it is a string of 1 to 255 printable characters. */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key !== 'string' || !printable.test(key)) {
    throw new InvalidOptionError(
      'idempotencyKey',
      'must be a string of 1 to 255 printable characters',
    )
  }
}
