import type { Logger, SendEnd, SendRetry, SendStart } from '@mailgun-smtp/core'

/** An event, and the name of the mailer it is of: `'default'` for the one without a name. */
export type MailgunEvent<Event> = Event & { readonly mailer: string }

/** What a mailer emits, by name. An event holds counts and codes: no address, no content, no option, no secret. */
export interface MailgunEvents {
  /** A send begins. */
  readonly 'mailgun.send.start': MailgunEvent<SendStart>
  /** An attempt failed, and another follows. */
  readonly 'mailgun.send.retry': MailgunEvent<SendRetry>
  /** A send settled: accepted, or not. */
  readonly 'mailgun.send.end': MailgunEvent<SendEnd>
}

/** What emits them: the `EventEmitter2` of `@nestjs/event-emitter`, or an `EventEmitter` of Node. */
export interface MailgunEventEmitter {
  emit(name: keyof MailgunEvents, event: object): unknown
}

export function isEmitter(value: unknown): value is MailgunEventEmitter {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'emit') === 'function'
  )
}

/** A logger that emits what it is told, and tells the next one. */
export function emitTo(
  events: MailgunEventEmitter,
  mailer: string,
  next: Logger | undefined,
): Logger {
  const tell =
    (level: keyof Logger) =>
    (event: object, words: string): void => {
      try {
        next?.[level](event, words)
      } finally {
        events.emit(nameOf(event), Object.freeze({ mailer, ...event }))
      }
    }
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') }
}

/** Each kind of event has a field that the others have not. */
function nameOf(event: object): keyof MailgunEvents {
  if ('outcome' in event) return 'mailgun.send.end'
  return 'delayMs' in event ? 'mailgun.send.retry' : 'mailgun.send.start'
}
