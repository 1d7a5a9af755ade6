import type { SendEnd, SendObserver, SendRetry, SendStart } from '@mailgun-smtp/core'

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

/** An observer that emits what it sees. The name of the mailer is part of each event. */
export function emitTo(events: MailgunEventEmitter, mailer: string): SendObserver {
  const emit = (name: keyof MailgunEvents, event: object): void => {
    events.emit(name, Object.freeze({ mailer, ...event }))
  }
  return {
    name: `The events of the mailer '${mailer}'`,
    start(event) {
      emit('mailgun.send.start', event)
      return {
        retry: (retry) => emit('mailgun.send.retry', retry),
        end: (end) => emit('mailgun.send.end', end),
      }
    },
  }
}
