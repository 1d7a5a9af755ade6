import type { Rate } from '../policy/rate-limiter.ts'
import { EmulatorError, type MailgunEmulatorOptions } from './settings.ts'

export type OptionName = keyof MailgunEmulatorOptions

/** @throws {TypeError} for a name that is not known. */
export function checkNames(given: object, known: object, sentence: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  throw new TypeError(`${sentence} '${unknown}'; it has ${Object.keys(known).join(', ')}.`)
}

/** @throws {EmulatorError} for a value that is not a list; `name` tells what of, `example` shows one. */
export function checkList(
  option: OptionName,
  name: string,
  value: unknown,
  example: string,
): asserts value is readonly unknown[] {
  if (Array.isArray(value)) return
  throw new EmulatorError(option, `${name} is a list, as ${example}.`)
}

/** @throws {EmulatorError} for a value that is not an object, or is a list; `name` tells what of, `example` shows one. */
export function checkObject(
  option: OptionName,
  name: string,
  value: unknown,
  example: string,
): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw new EmulatorError(option, `${name} is an object, as ${example}.`)
}

/** @throws {EmulatorError} for a value that is not a whole number from 0 to `most`. */
export function checkNumber(option: OptionName, value: number, most: number = Infinity): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    const range = most === Infinity ? 'of 0 or more' : `from 0 to ${most}`
    throw new EmulatorError(option, `${option} must be a whole number ${range}.`)
  }
}

/** @throws {EmulatorError} for what is neither true nor false nor left out; `name` tells what of. */
export function checkFlag(option: OptionName, name: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean') return
  throw new EmulatorError(option, `${option}: ${name} is true or false.`)
}

/**
 * A word, or the first of the known ones if it is left out.
 *
 * @throws {EmulatorError} for another word; `name` tells what of, unless it is the option's own.
 */
export function oneOf<Word extends string>(
  option: OptionName,
  word: Word | undefined,
  words: readonly [Word, ...Word[]],
  name = '',
): Word {
  if (word === undefined) return words[0]
  if (words.includes(word)) return word
  const subject = name === '' ? option : `${option}: ${name}`
  throw new EmulatorError(option, `${subject} is '${word}'; it can be ${words.join(' or ')}.`)
}

/** @throws {EmulatorError} for a rate that cannot be. */
export function readRate(option: OptionName, { perSecond, perHour }: Rate): Rate {
  for (const limit of [perSecond, perHour]) {
    if (limit !== undefined) checkNumber(option, limit)
  }
  return { perSecond, perHour }
}
