import { pino } from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../src/outcome/errors.ts'
import type { Logger } from '../../src/observe/logger.ts'
import { Observability } from '../../src/observe/observability.ts'
import { facts, failure, info, leaksIn, receipt } from '../fakes/sends.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A real pino, and the lines it wrote. */
function pinoLog(level = 'debug') {
  const lines: string[] = []
  const logger: Logger = pino(
    { level, base: null, timestamp: false },
    { write: (line: string) => void lines.push(line) },
  )
  const read = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown)
  return { logger, read }
}

const levels = { debug: 20, info: 30, warn: 40, error: 50 }

describe('a logger', () => {
  test('of pino gets a line for each event, counts and codes in it', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { logger, read } = pinoLog()
    const watch = new Observability({ logger }).start(() => info)
    watch.attempt(1, 587)
    watch.retry(failure(), 250)
    watch.attempt(2, 587)
    watch.end(receipt)

    expect(read()).toEqual([
      { level: levels.debug, ...facts, msg: 'mail being sent' },
      {
        level: levels.warn,
        ...facts,
        attempt: 1,
        delayMs: 250,
        code: 'ERR_MAILGUN_REFUSED',
        fault: 'message',
        replyCode: 451,
        msg: 'mail not accepted; it will be retried',
      },
      {
        level: levels.info,
        ...facts,
        outcome: 'accepted',
        durationMs: 0,
        attempts: 2,
        port: 587,
        accepted: 2,
        rejected: 1,
        deferred: 0,
        unknown: 0,
        refused: 1,
        replyCode: 250,
        msg: 'mail accepted',
      },
    ])
  })

  test.each([
    ['deferred', 'warn', failure()],
    ['rejected', 'error', failure({ outcome: 'rejected' })],
    ['unknown', 'error', failure({ outcome: 'unknown' })],
    ['invalid', 'error', new ConfigError('canary')],
  ] as const)('hears of a mail that ends %s at level %s', (outcome, level, error) => {
    const { logger, read } = pinoLog()
    new Observability({ logger }).start(() => info).fail(error)

    expect(read().at(-1)).toMatchObject({ level: levels[level], outcome })
  })

  test('is shown neither secrets nor the message nor an address', () => {
    const { logger, read } = pinoLog('trace')
    const heard: unknown[] = []
    const hear = (...line: unknown[]): void => void heard.push(line)
    for (const to of [logger, { debug: hear, info: hear, warn: hear, error: hear }]) {
      const observability = new Observability({ logger: to })
      const watch = observability.start(() => info)
      watch.retry(failure(), 1)
      watch.end(receipt)
      observability.start(() => info).fail(failure({ outcome: 'rejected' }))
      observability.start(() => info).fail(new Error('canary'))
    }

    expect(read()).toHaveLength(7)
    expect(heard).toHaveLength(7)
    expect(leaksIn(read(), heard)).toEqual([])
  })

  test('that throws ends no send, and is reported once', () => {
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const broken = (): never => {
      throw new Error('the disk is full')
    }
    const logger = { debug: broken, info: broken, warn: broken, error: broken }
    const observability = new Observability({ logger })

    for (let send = 0; send < 3; send += 1) {
      const watch = observability.start(() => info)
      watch.attempt(1)
      watch.retry(failure(), 1)
      watch.end(receipt)
      observability.start(() => info).fail(failure())
    }

    expect(warning.mock.calls).toEqual([
      [
        'The logger failed while it followed a send. The send goes on. Error: the disk is full',
        'MailgunObserverWarning',
      ],
    ])
  })

  test('that failed once is told again', () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const debug = vi.fn<Logger['debug']>().mockImplementationOnce(() => {
      throw new Error('not yet')
    })
    const { logger } = pinoLog()
    const observability = new Observability({
      logger: { ...console, debug, info: logger.info.bind(logger) },
    })

    observability.start(() => info).end(receipt)
    observability.start(() => info).end(receipt)

    expect(debug).toHaveBeenCalledTimes(2)
  })

  test('without a logger nothing is written', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)

    new Observability().start(() => info).fail(failure())

    expect(said).not.toHaveBeenCalled()
  })
})
