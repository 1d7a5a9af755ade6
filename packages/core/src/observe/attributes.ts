import type { Attributes } from './opentelemetry.ts'
import type { SendEnd, SendInfo, SendRetry } from './send-events.ts'

// Names of the semantic conventions for messaging; names that they lack are under `messaging.mailgun`, as
// they ask: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ (read 2026-11, status Development).

const operation: Attributes = {
  'messaging.system': 'mailgun',
  'messaging.operation.name': 'send',
  'messaging.operation.type': 'send',
}

/** Of a span as it starts, so that a sampler sees them. */
export function startAttributes(event: SendInfo): Attributes {
  return {
    ...operation,
    ...defined({
      'messaging.message.id': event.messageId,
      // Mailgun makes a message of its own for each recipient of a batch.
      'messaging.batch.message_count': event.batch ? event.recipients : undefined,
      'messaging.mailgun.batch.chunk': event.batch?.chunk,
      'messaging.mailgun.recipients': event.recipients,
      'messaging.mailgun.tags': event.tags,
      'server.address': event.host,
    }),
  }
}

/** Of the event that a span has for each repetition. */
export function retryAttributes(event: SendRetry): Attributes {
  return defined({
    'error.type': event.code,
    'messaging.mailgun.attempt': event.attempt,
    'messaging.mailgun.delay_ms': event.delayMs,
    'messaging.mailgun.fault': event.fault,
    'messaging.mailgun.reply_code': event.replyCode,
  })
}

/** Of a span as it ends. */
export function endAttributes(event: SendEnd): Attributes {
  return defined({
    'error.type': errorType(event),
    'messaging.mailgun.accepted': event.accepted,
    'messaging.mailgun.attempts': event.attempts,
    'messaging.mailgun.deferred': event.deferred,
    'messaging.mailgun.fault': event.fault,
    'messaging.mailgun.outcome': event.outcome,
    'messaging.mailgun.refused': event.refused,
    'messaging.mailgun.rejected': event.rejected,
    'messaging.mailgun.reply_code': event.replyCode,
    'messaging.mailgun.unknown': event.unknown,
    'server.port': event.port,
  })
}

/** Of a measurement: few values each, as every combination is a series. */
export function endMeasure(event: SendEnd): Attributes {
  return {
    ...operation,
    ...defined({
      'error.type': errorType(event),
      'messaging.mailgun.outcome': event.outcome,
      'server.address': event.host,
      'server.port': event.port,
    }),
  }
}

/** Of a counted repetition. */
export function retryMeasure(event: SendRetry): Attributes {
  return { ...operation, ...defined({ 'error.type': event.code, 'server.address': event.host }) }
}

/** The class of the error; any other error is the conventions' `_OTHER`. */
export function errorType({ outcome, code }: SendEnd): string | undefined {
  return outcome === 'accepted' ? undefined : (code ?? '_OTHER')
}

function defined(values: Readonly<Record<string, string | number | undefined>>): Attributes {
  const attributes: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) attributes[name] = value
  }
  return attributes
}
