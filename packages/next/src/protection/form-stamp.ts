import { createHmac, timingSafeEqual } from 'node:crypto'
import { ConfigError } from '@mailgun-smtp/core'

/** How a form's stamp is created and checked. */
export interface FormStampSettings {
  /** The secret that signs the stamp: at least 32 characters, the same in every process. A function is called when it is needed. */
  readonly secret: string | undefined | (() => string | undefined)
  /** How long a person needs at least to fill the form, in milliseconds. Default: 2,000 (2 seconds). */
  readonly minAge?: number | undefined
  /** How long a page may stay open, in milliseconds. Default: 86,400,000 (one day). */
  readonly maxAge?: number | undefined
  /** The name of the hidden field. Default: `'form-stamp'`. */
  readonly name?: string | undefined
}

/** A signed time in a form: what was not loaded from this site, or was filled within the blink of an eye, has none that holds. */
export interface FormStamp {
  readonly name: string
  /**
   * The stamp for a form that is shown at the time `now`, in milliseconds.
   *
   * @throws {ConfigError} if the secret is missing or too short.
   */
  issue(now: number): string
  /**
   * Judges the values of the field at the time `now`.
   *
   * @throws {ConfigError} if the secret is missing or too short.
   */
  judge(values: readonly unknown[], now: number): StampVerdict
}

/** What a stamp is worth; `too-soon` says after how many seconds it will hold. */
export type StampVerdict =
  | { readonly verdict: 'valid' | 'invalid' }
  | { readonly verdict: 'too-soon'; readonly retryAfter: number }

/** A stamp for the form, for `FormStampField` and `createMailAction({ stamp })`. It may be used as often as the rate limit allows until it is too old. */
export function createFormStamp({
  secret,
  minAge = 2000,
  maxAge = 86_400_000,
  name = 'form-stamp',
}: FormStampSettings): FormStamp {
  const sign = (time: string): Buffer =>
    createHmac('sha256', readSecret(secret)).update(`mailgun-smtp/form-stamp/v1:${time}`).digest()
  return {
    name,
    issue(now) {
      const time = now.toString(36)
      return `${time}.${sign(time).toString('base64url')}`
    },
    judge(values, now) {
      const [stamp] = values
      const [, time, signature] =
        values.length === 1 && typeof stamp === 'string'
          ? (/^([\da-z]{1,12})\.([\w-]{43})$/.exec(stamp) ?? [])
          : []
      const given = Buffer.from(signature ?? '', 'base64url')
      const expected = sign(time ?? '')
      if (!time || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return { verdict: 'invalid' }
      }
      const age = now - Number.parseInt(time, 36)
      if (age > maxAge) return { verdict: 'invalid' }
      if (age < minAge) return { verdict: 'too-soon', retryAfter: Math.ceil((minAge - age) / 1000) }
      return { verdict: 'valid' }
    },
  }
}

function readSecret(secret: FormStampSettings['secret']): string {
  const text = typeof secret === 'function' ? secret() : secret
  if (text === undefined || text.length < 32) {
    throw new ConfigError(
      'createFormStamp needs a secret of at least 32 characters, such as openssl rand -hex 32 prints.',
    )
  }
  return text
}
