import type { Logger } from '../observe/logger.ts'

/** Told how many bytes came in clear where TLS was to begin, and were dropped (RFC 3207 §6). */
export type TellDropped = (bytes: number) => void

/** A logger for nodemailer that hears of one thing only: what it drops. */
export function droppedListener(tell: TellDropped): object {
  const ignore = (): void => undefined
  return {
    trace: ignore,
    debug: ignore,
    info: ignore,
    error: ignore,
    fatal: ignore,
    warn({ discarded }: { readonly discarded?: unknown }) {
      if (typeof discarded === 'number') tell(discarded)
    },
  }
}

const words =
  'The server sent unencrypted bytes after it agreed to TLS. They were dropped. An attacker on the network may have inserted them.'

/** Warns of dropped bytes: each time to a logger, or once as a process warning. */
export function warnOfDropped(logger: Logger | undefined): TellDropped {
  let isWarned = false
  const warnProcess = (): void => {
    if (!isWarned) process.emitWarning(words, 'MailgunSecurityWarning')
    isWarned = true
  }
  return (bytes) => {
    if (!logger) return warnProcess()
    try {
      logger.warn({ code: 'ERR_MAILGUN_TLS', bytes }, words)
    } catch {
      // No fault of who watches ends a send.
      warnProcess()
    }
  }
}
