import { endAttributes, errorType, retryAttributes, startAttributes } from './attributes.ts'
import { registered, scopeName } from './opentelemetry.ts'
import type { SendObservation, SendObserver } from './send-events.ts'

/** `SpanKind.CLIENT`: a call to the server. `PRODUCER` is for a context that travels with the message; ours stays here. */
const client = 2

/** `SpanStatusCode.ERROR`. */
const failed = 2

/** A span for each send, if a tracer provider is registered as it begins. */
export const spans: SendObserver = {
  name: 'The OpenTelemetry tracer',
  listens: () => registered().trace !== undefined,
  start(event) {
    const { trace } = registered()
    if (!trace) return unseen
    const { host } = event
    const span = trace
      .getTracer(scopeName)
      .startSpan(host === undefined ? 'send' : `send ${host}`, {
        kind: client,
        attributes: startAttributes(event),
      })
    return {
      retry: (retry) => void span.addEvent('retry', retryAttributes(retry)),
      end(ended) {
        span.setAttributes(endAttributes(ended))
        const type = errorType(ended)
        if (type !== undefined) span.setStatus({ code: failed, message: type })
        span.end()
      },
    }
  },
}

const unseen: SendObservation = { retry: () => undefined, end: () => undefined }
