// The part of OpenTelemetry's API that is used here, in the words of its specification. Stated instead of imported:
// who has no `@opentelemetry/api` needs none, for types neither.

/** Values of a span or a measurement. */
export interface Attributes {
  readonly [name: string]: string | number
}

/** @see https://opentelemetry.io/docs/specs/otel/trace/api/#span */
export interface Span {
  setAttributes(attributes: Attributes): unknown
  addEvent(name: string, attributes: Attributes): unknown
  setStatus(status: { readonly code: number; readonly message?: string }): unknown
  end(): void
}

/** @see https://opentelemetry.io/docs/specs/otel/trace/api/#tracerprovider */
export interface TracerProvider {
  getTracer(name: string): {
    startSpan(
      name: string,
      options: { readonly kind: number; readonly attributes: Attributes },
    ): Span
  }
}

/** What every instrument is created with. */
export interface InstrumentSettings {
  readonly description: string
  readonly unit: string
  readonly advice?: { explicitBucketBoundaries: number[] }
}

/** @see https://opentelemetry.io/docs/specs/otel/metrics/api/#meter */
export interface Meter {
  createHistogram(
    name: string,
    settings: InstrumentSettings,
  ): { record(value: number, attributes: Attributes): void }
  createCounter(
    name: string,
    settings: InstrumentSettings,
  ): { add(value: number, attributes: Attributes): void }
}

/** @see https://opentelemetry.io/docs/specs/otel/metrics/api/#meterprovider */
export interface MeterProvider {
  getMeter(name: string): Meter
}

/** What was registered as global; nothing while no SDK was. */
export interface Registered {
  readonly trace?: TracerProvider
  readonly metrics?: MeterProvider
}

/**
 * Every 1.x copy of `@opentelemetry/api` registers the SDK here, so that the copies find one another; Deno and Bun
 * register theirs here, too.
 */
const registry = Symbol.for('opentelemetry.js.api.1')

/**
 * The SDK that is registered now.
 *
 * The API is not loaded for it: without an SDK it would do nothing, `import()` comes too late for the first span,
 * and neither it nor `createRequire` finds in a bundle the copy that was bundled.
 */
export function registered(): Registered {
  const place: { [key: symbol]: unknown } = globalThis
  // Only the API writes under this symbol.
  return (place[registry] as Registered | undefined) ?? {}
}

/** The instrumentation scope of all that is recorded. */
export const scopeName = '@mailgun-smtp/core'
