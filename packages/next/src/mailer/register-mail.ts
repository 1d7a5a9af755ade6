import type { Mailer } from '@mailgun-smtp/core'
import { environmentMailer } from './define-mailer.ts'

/** Settings of {@link registerMail}. */
export interface RegisterMailSettings {
  /** Told why the login failed. Default: `console.warn`. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * Logs in once when the server starts, for `register` in `instrumentation.ts`, and warns if that fails. It sends
 * nothing, never rejects, and holds the start only if it is awaited.
 *
 * @param mailer Default: the mailer of the environment.
 * @returns Whether the login worked.
 */
export async function registerMail(
  mailer: Mailer = environmentMailer,
  {
    onError = (error) => console.warn('Mail cannot be sent as configured:', error),
  }: RegisterMailSettings = {},
): Promise<boolean> {
  try {
    return await mailer.verify()
  } catch (error) {
    onError(error)
    return false
  }
}
