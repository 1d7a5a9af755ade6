import type { SendObserver, SendOutcome } from './send-events.ts'

/** Takes lines of a log in pino's shape: what happened as an object, then in words. `console` fits too. */
export interface Logger {
  debug(event: object, message: string): void
  info(event: object, message: string): void
  warn(event: object, message: string): void
  error(event: object, message: string): void
}

/** How loud each end is: `warn` where the mail may be sent again, `error` where it is lost or you cannot tell. */
const endings: Readonly<
  Record<SendOutcome, { readonly level: keyof Logger; readonly words: string }>
> = {
  accepted: { level: 'info', words: 'mail accepted' },
  deferred: { level: 'warn', words: 'mail not accepted; it may be sent again' },
  rejected: { level: 'error', words: 'mail rejected' },
  unknown: { level: 'error', words: 'mail handed over, outcome unknown' },
  invalid: { level: 'error', words: 'mail refused before it was sent' },
}

/** An observer that writes each event to a logger. */
export function logTo(logger: Logger): SendObserver {
  const observation = {
    retry: (event: object): void => logger.warn(event, 'mail not accepted; it will be retried'),
    end: (event: { readonly outcome: SendOutcome }): void => {
      const { level, words } = endings[event.outcome]
      logger[level](event, words)
    },
  }
  return {
    name: 'The logger',
    listens: () => true,
    start(event) {
      logger.debug(event, 'mail being sent')
      return observation
    },
  }
}
