import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { InvalidOptionError } from '../../src/outcome/errors.ts'
import { Observability } from '../../src/observe/observability.ts'
import { registered, type Registered } from '../../src/observe/opentelemetry.ts'
import { failure, info, leaksIn, receipt } from '../fakes/sends.ts'

/** A reader that is asked. */
class Reader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve()
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve()
  }
}

function registerSpans(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return exporter
}

/** Registers a meter provider. What is returned reads the points of each instrument. */
function registerMetrics(): () => Promise<Readonly<Record<string, unknown>>> {
  const reader = new Reader()
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  return async () => {
    const { resourceMetrics } = await reader.collect()
    return Object.fromEntries(
      resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) =>
        all.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          {
            unit: descriptor.unit,
            points: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
          },
        ]),
      ),
    )
  }
}

afterEach(() => {
  trace.disable()
  context.disable()
  metrics.disable()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const operation = {
  'messaging.system': 'mailgun',
  'messaging.operation.name': 'send',
  'messaging.operation.type': 'send',
}

describe('spans', () => {
  test('a send is a client span of the caller, named by the conventions for messaging', () => {
    const exporter = registerSpans()
    const caller = trace.getTracer('test').startSpan('order')
    const watch = context.with(trace.setSpan(context.active(), caller), () =>
      new Observability().start(() => info),
    )
    watch.attempt(1, 587)
    watch.end(receipt)

    const [span] = exporter.getFinishedSpans()
    expect(span).toMatchObject({
      name: 'send smtp.mailgun.org',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      instrumentationScope: { name: '@mailgun-smtp/core' },
      parentSpanContext: { spanId: caller.spanContext().spanId },
    })
    expect(span?.attributes).toEqual({
      ...operation,
      'messaging.message.id': '<one@example.com>',
      'messaging.mailgun.recipients': 3,
      'messaging.mailgun.tags': 2,
      'messaging.mailgun.outcome': 'accepted',
      'messaging.mailgun.attempts': 1,
      'messaging.mailgun.accepted': 2,
      'messaging.mailgun.rejected': 1,
      'messaging.mailgun.deferred': 0,
      'messaging.mailgun.unknown': 0,
      'messaging.mailgun.refused': 1,
      'messaging.mailgun.reply_code': 250,
      'server.address': 'smtp.mailgun.org',
      'server.port': 587,
    })
  })

  test('each repetition is an event; the last failure is the status', () => {
    const exporter = registerSpans()
    const watch = new Observability().start(() => info)
    watch.attempt(1, 587)
    watch.retry(failure(), 250)
    watch.attempt(2, 2525)
    watch.fail(failure({ outcome: 'unknown', code: 'ERR_MAILGUN_UNKNOWN_OUTCOME' }))

    const [span] = exporter.getFinishedSpans()
    expect(span?.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      {
        name: 'retry',
        attributes: {
          'error.type': 'ERR_MAILGUN_REFUSED',
          'messaging.mailgun.attempt': 1,
          'messaging.mailgun.delay_ms': 250,
          'messaging.mailgun.fault': 'message',
          'messaging.mailgun.reply_code': 451,
        },
      },
    ])
    expect(span?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    })
    expect(span?.attributes).toMatchObject({
      'error.type': 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      'messaging.mailgun.outcome': 'unknown',
      'messaging.mailgun.attempts': 2,
      'server.port': 2525,
    })
  })

  test('an error of no class has the type that the conventions keep for it', () => {
    const exporter = registerSpans()
    new Observability().start(() => info).fail(new TypeError('canary'))

    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({ 'error.type': '_OTHER' })
  })

  test('a message of a batch counts the messages that Mailgun makes of it', () => {
    const exporter = registerSpans()
    new Observability().start(() => ({ ...info, batch: { chunk: 2 } })).end(receipt)

    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
      'messaging.batch.message_count': 3,
      'messaging.mailgun.batch.chunk': 2,
    })
  })

  test('a transport without a server has a span without its name', () => {
    const exporter = registerSpans()
    new Observability().start(() => ({ ...info, host: undefined })).end(receipt)

    const [span] = exporter.getFinishedSpans()
    expect(span?.name).toBe('send')
    expect(Object.keys(span?.attributes ?? {})).not.toContain('server.address')
  })

  test('an SDK that is registered after the mailer was made is found', () => {
    const observability = new Observability()
    observability.start(() => info).end(receipt)
    const exporter = registerSpans()
    observability.start(() => info).end(receipt)

    expect(exporter.getFinishedSpans()).toHaveLength(1)
  })

  test('nothing of the message, its addresses or the reply is in a span', () => {
    const exporter = registerSpans()
    const observability = new Observability()
    const watch = observability.start(() => info)
    watch.retry(failure(), 1)
    watch.end(receipt)
    observability.start(() => info).fail(failure())

    const told = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
    expect(told).toHaveLength(2)
    expect(leaksIn(told)).toEqual([])
  })
})

describe('metrics', () => {
  test('duration, outcome and repetitions of each send, with few values each', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    const read = registerMetrics()
    const observability = new Observability()
    const accepted = observability.start(() => info)
    accepted.attempt(1, 587)
    accepted.retry(failure(), 500)
    vi.advanceTimersByTime(1500)
    accepted.attempt(2, 587)
    accepted.end(receipt)
    const rejected = observability.start(() => info)
    rejected.attempt(1, 587)
    rejected.fail(failure({ outcome: 'rejected' }))

    const of = { ...operation, 'server.address': 'smtp.mailgun.org', 'server.port': 587 }
    const ok = { ...of, 'messaging.mailgun.outcome': 'accepted' }
    const bad = {
      ...of,
      'messaging.mailgun.outcome': 'rejected',
      'error.type': 'ERR_MAILGUN_REFUSED',
    }
    expect(await read()).toMatchObject({
      'messaging.client.operation.duration': {
        unit: 's',
        points: [
          { attributes: ok, value: { count: 1, sum: 1.5 } },
          { attributes: bad, value: { count: 1, sum: 0 } },
        ],
      },
      'messaging.client.sent.messages': {
        unit: '{message}',
        points: [
          { attributes: ok, value: 1 },
          { attributes: bad, value: 1 },
        ],
      },
      'messaging.mailgun.client.retries': {
        unit: '{retry}',
        points: [
          {
            attributes: {
              ...operation,
              'server.address': 'smtp.mailgun.org',
              'error.type': 'ERR_MAILGUN_REFUSED',
            },
            value: 1,
          },
        ],
      },
    })
  })

  test('count no message that was refused here, or ended before an attempt', async () => {
    const read = registerMetrics()
    const observability = new Observability()
    const invalid = observability.start(() => info)
    invalid.attempt(1, 587)
    invalid.fail(new InvalidOptionError('to', 'canary', 'ERR_MAILGUN_INVALID_MESSAGE'))
    observability.start(() => info).end(receipt)

    const measured = await read()
    expect(Object.keys(measured)).toEqual(['messaging.client.operation.duration'])
  })

  test('have their instruments once for each provider, however many are sent', () => {
    const provider = new MeterProvider()
    const asked = vi.spyOn(provider, 'getMeter')
    metrics.setGlobalMeterProvider(provider)

    for (let send = 0; send < 3; send += 1) new Observability().start(() => info).end(receipt)

    expect(asked).toHaveBeenCalledTimes(1)
  })

  test('go to the provider that is registered now', async () => {
    const observability = new Observability()
    const readFirst = registerMetrics()
    observability.start(() => info).end(receipt)
    metrics.disable()
    const readSecond = registerMetrics()
    observability.start(() => info).end(receipt)
    observability.start(() => info).end(receipt)

    const counted = (count: number): object => ({
      'messaging.client.operation.duration': { points: [{ value: { count } }] },
    })
    expect(await readFirst()).toMatchObject(counted(1))
    expect(await readSecond()).toMatchObject(counted(2))
  })
})

describe('the registration', () => {
  test("is found where OpenTelemetry's own API looks, and its types are what is stated here", () => {
    const provider: Registered['trace'] = new BasicTracerProvider()
    const meters: Registered['metrics'] = new MeterProvider()
    trace.setGlobalTracerProvider(new BasicTracerProvider())
    metrics.setGlobalMeterProvider(new MeterProvider())

    expect(registered().trace).toBe(trace.getTracerProvider())
    expect(registered().metrics).toBe(metrics.getMeterProvider())
    expect([provider, meters]).not.toContain(undefined)
  })

  test('is empty without an SDK', () => {
    expect(registered().trace).toBeUndefined()
    expect(registered().metrics).toBeUndefined()
  })

  test('a registration that throws when it is looked at ends no send', () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    metrics.setGlobalMeterProvider(new MeterProvider())
    Object.defineProperty(registered(), 'trace', {
      configurable: true,
      get() {
        throw new Error('a broken SDK')
      },
    })
    const said = vi.fn<(event: object, message: string) => void>()
    const logger = { debug: said, info: said, warn: said, error: said }

    new Observability({ logger }).start(() => info).end(receipt)
    Reflect.deleteProperty(registered(), 'trace')

    expect(said).toHaveBeenCalledTimes(2)
    expect(warning).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^The OpenTelemetry tracer failed/),
      'MailgunObserverWarning',
    )
  })

  test('an SDK that throws ends no send, and does not silence the others', () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const broken = (): never => {
      throw new Error('a broken SDK')
    }
    trace.setGlobalTracerProvider({ getTracer: broken })
    metrics.setGlobalMeterProvider({ getMeter: broken })
    const said = vi.fn<(event: object, message: string) => void>()
    const logger = { debug: said, info: said, warn: said, error: said }

    const watch = new Observability({ logger }).start(() => info)
    watch.attempt(1, 587)
    watch.retry(failure(), 1)
    watch.end(receipt)

    expect(said).toHaveBeenCalledTimes(3)
    expect(warning.mock.calls.map(([message]) => String(message).replace(/ failed.*/, ''))).toEqual(
      ['The OpenTelemetry tracer', 'The OpenTelemetry meter'],
    )
  })
})
