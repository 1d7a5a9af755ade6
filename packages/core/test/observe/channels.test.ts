import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ConfigError, InvalidOptionError } from '../../src/outcome/errors.ts'
import { Observability } from '../../src/observe/observability.ts'
import { facts, failure, info, leaksIn, receipt } from '../fakes/sends.ts'

const names = ['mailgun-smtp:send:start', 'mailgun-smtp:send:retry', 'mailgun-smtp:send:end']

let told: { readonly name: string; readonly event: unknown }[] = []

const listen = (event: unknown, name: string | symbol): void => {
  told.push({ name: String(name).replace('mailgun-smtp:send:', ''), event })
}

beforeEach(() => {
  told = []
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
  for (const name of names) subscribe(name, listen)
})

afterEach(() => {
  for (const name of names) unsubscribe(name, listen)
  vi.useRealTimers()
})

describe('a send', () => {
  test('that is tried twice is told of in start, retry and end', () => {
    const watch = new Observability().start(() => ({ ...info, batch: { chunk: 4 } }))
    watch.attempt(1, 587)
    vi.advanceTimersByTime(100)
    watch.retry(failure(), 250)
    vi.advanceTimersByTime(250)
    watch.attempt(2, 2525)
    watch.end(receipt)

    const start = { ...facts, batch: { chunk: 4 } }
    expect(told).toStrictEqual([
      { name: 'start', event: start },
      {
        name: 'retry',
        event: {
          ...start,
          attempt: 1,
          delayMs: 250,
          code: 'ERR_MAILGUN_REFUSED',
          fault: 'message',
          replyCode: 451,
        },
      },
      {
        name: 'end',
        event: {
          ...start,
          durationMs: 350,
          attempts: 2,
          port: 2525,
          outcome: 'accepted',
          accepted: 2,
          rejected: 1,
          deferred: 0,
          unknown: 0,
          refused: 1,
          replyCode: 250,
        },
      },
    ])
  })

  test.each<readonly [string, unknown, object]>([
    [
      'rejected',
      failure({ outcome: 'rejected', retryable: false, fault: 'recipient' }),
      { code: 'ERR_MAILGUN_REFUSED', fault: 'recipient', retryable: false, replyCode: 451 },
    ],
    [
      'deferred',
      failure({ code: 'ERR_MAILGUN_QUOTA', fault: 'account' }),
      { code: 'ERR_MAILGUN_QUOTA', fault: 'account', retryable: true, replyCode: 451 },
    ],
    [
      'unknown',
      failure({ outcome: 'unknown', code: 'ERR_MAILGUN_UNKNOWN_OUTCOME', reply: undefined }),
      { code: 'ERR_MAILGUN_UNKNOWN_OUTCOME', fault: 'message', retryable: true },
    ],
    [
      'invalid',
      new InvalidOptionError('to[0]', 'canary-rule', 'ERR_MAILGUN_INVALID_MESSAGE'),
      { code: 'ERR_MAILGUN_INVALID_MESSAGE' },
    ],
    ['invalid', new ConfigError('canary', 'ERR_MAILGUN_CLOSED'), { code: 'ERR_MAILGUN_CLOSED' }],
    ['unknown', new Error('canary'), {}],
    ['unknown', 'canary', {}],
  ])('that fails ends %s: %#', (outcome, error, rest) => {
    const watch = new Observability().start(() => info)
    watch.attempt(1)
    watch.fail(error)

    const counts =
      error instanceof Error && 'refused' in error
        ? { accepted: 0, rejected: 1, deferred: 0, unknown: 0, refused: 1 }
        : {}
    expect(told.at(-1)).toStrictEqual({
      name: 'end',
      event: { ...facts, outcome, durationMs: 0, attempts: 1, ...counts, ...rest },
    })
  })

  test('that ended without an attempt says so', () => {
    new Observability().start(() => info).end(receipt)

    expect(told.at(-1)?.event).toMatchObject({ outcome: 'accepted', attempts: 0 })
  })

  test('shows counts and codes, and nothing of the message, its addresses or the reply', () => {
    const observability = new Observability()
    const watch = observability.start(() => info)
    watch.attempt(1, 587)
    watch.retry(failure(), 1)
    watch.end(receipt)
    observability.start(() => info).fail(failure())
    observability.start(() => info).fail(new Error('canary'))

    expect(told).toHaveLength(7)
    expect(leaksIn(told)).toEqual([])
  })

  test('is told the same to each: no subscriber can change an event', () => {
    new Observability().start(() => ({ ...info, batch: { chunk: 0 } })).end(receipt)

    for (const { event } of told) {
      expect(Object.isFrozen(event)).toBe(true)
      expect(Object.isFrozen(Reflect.get(Object(event), 'batch'))).toBe(true)
    }
  })
})

test('a subscriber that throws does not end the send: Node reports it as an uncaught exception', async () => {
  const broken = (): void => {
    throw new Error('a broken subscriber')
  }
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
  subscribe('mailgun-smtp:send:start', broken)
  try {
    new Observability().start(() => info).end(receipt)

    expect(told.map(({ name }) => name)).toEqual(['start', 'end'])
    expect(await uncaught).toMatchObject({ message: 'a broken subscriber' })
  } finally {
    unsubscribe('mailgun-smtp:send:start', broken)
    for (const listener of others) process.on('uncaughtException', listener)
  }
})
