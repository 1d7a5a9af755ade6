import { endMeasure, retryMeasure } from './attributes.ts'
import { registered, scopeName, type Meter, type MeterProvider } from './opentelemetry.ts'
import type { SendEnd, SendObserver, SendRetry } from './send-events.ts'

/** The instruments of one meter; a provider creates a new one each time it is asked. */
class Instruments {
  readonly #duration: ReturnType<Meter['createHistogram']>
  readonly #sent: ReturnType<Meter['createCounter']>
  readonly #retries: ReturnType<Meter['createCounter']>

  constructor(meter: Meter) {
    this.#duration = meter.createHistogram('messaging.client.operation.duration', {
      description: 'Duration of a send, from the call to its outcome.',
      unit: 's',
      // As the conventions have it.
      advice: {
        explicitBucketBoundaries: [
          0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
        ],
      },
    })
    this.#sent = meter.createCounter('messaging.client.sent.messages', {
      description: 'Messages that the mailer tried to send, by outcome.',
      unit: '{message}',
    })
    this.#retries = meter.createCounter('messaging.mailgun.client.retries', {
      description: 'Attempts that failed and were followed by another.',
      unit: '{retry}',
    })
  }

  retry(event: SendRetry): void {
    this.#retries.add(1, retryMeasure(event))
  }

  end(event: SendEnd): void {
    const attributes = endMeasure(event)
    this.#duration.record(event.durationMs / 1000, attributes)
    // The conventions count no message that was not sent.
    if (event.attempts > 0 && event.outcome !== 'invalid') this.#sent.add(1, attributes)
  }
}

const known = new WeakMap<MeterProvider, Instruments>()

function instruments(): Instruments | undefined {
  const provider = registered().metrics
  if (!provider) return undefined
  const existing = known.get(provider)
  if (existing) return existing
  const created = new Instruments(provider.getMeter(scopeName))
  known.set(provider, created)
  return created
}

const measurement = {
  retry: (event: SendRetry): void => instruments()?.retry(event),
  end: (event: SendEnd): void => instruments()?.end(event),
}

/** Duration, outcome and repetitions of each send, if a meter provider is registered as it begins. */
export const metrics: SendObserver = {
  name: 'The OpenTelemetry meter',
  listens: () => registered().metrics !== undefined,
  start: () => measurement,
}
