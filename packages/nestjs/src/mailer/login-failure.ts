import { MailgunError } from '@mailgun-smtp/core'

/** Why a login failed, for a log. The message of an error that is not ours may hold anything, so only its name is told. */
export function reasonOf(error: unknown): string {
  if (error instanceof MailgunError) return error.message
  return `verify() failed: ${error instanceof Error ? error.name : typeof error}`
}
