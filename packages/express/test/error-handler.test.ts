import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { NextFunction, Request, Response } from 'express'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  mailErrorHandler,
  mailgun,
} from '../src/index.ts'
import { serve, versions } from './app/serve.ts'

const failure = {
  code: 'ERR_MAILGUN_REFUSED',
  outcome: 'rejected',
  fault: 'recipient',
  retryable: false,
  message: 'secret-canary',
  cure: 'secret-canary',
  attempts: 1,
  reply: { code: 550, text: 'secret-canary' },
  messageId: '<secret-canary@example.com>',
  refused: [
    {
      address: 'secret-canary@example.com',
      outcome: 'rejected',
      reply: { code: 550, text: 'secret-canary' },
    },
  ],
} as const
const now = new Date('2026-05-04T12:00:00Z')

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe.each(versions)('mailErrorHandler() in $version', ({ express }) => {
  const serveError = (error: unknown, begin: (res: Response) => void = () => {}) => {
    const app = express()
    app.get('/', (_req, res, next) => {
      begin(res)
      next(error)
    })
    app.use(mailErrorHandler())
    app.use((passed: Error, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) next(passed)
      else res.status(500).send(`passed on: ${passed.name}`)
    })
    return serve(app)
  }

  test.each([
    { change: {}, status: 422 },
    { change: { outcome: 'deferred', code: 'ERR_MAILGUN_AUTH' }, status: 503 },
    {
      change: { outcome: 'deferred', code: 'ERR_MAILGUN_CONNECTION', retryAfter: 1500 },
      status: 503,
      retryAfter: '2',
    },
    { change: { outcome: 'deferred', code: 'ERR_MAILGUN_QUOTA' }, status: 503 },
    {
      change: { outcome: 'deferred', code: 'ERR_MAILGUN_QUOTA', retryAfter: 3_600_000 },
      status: 429,
      retryAfter: '3600',
    },
    {
      change: { outcome: 'deferred', code: 'ERR_MAILGUN_RATE_LIMIT', retryAfter: 60_000 },
      status: 429,
      retryAfter: '60',
    },
    { change: { outcome: 'deferred', retryAfter: -1000 }, status: 503, retryAfter: '0' },
    { change: { outcome: 'unknown', code: 'ERR_MAILGUN_UNKNOWN_OUTCOME' }, status: 502 },
  ] as const)('answers $change with $status', async ({ change, status, ...expected }) => {
    const { retryAfter, ...changed } = { retryAfter: undefined, ...change }
    const error = new DeliveryError({
      ...failure,
      ...changed,
      ...(retryAfter !== undefined && { retryAfter: new Date(now.getTime() + retryAfter) }),
    })
    await using server = await serveError(error)

    const response = await fetch(server.url)

    const body = await response.text()
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe(
      'retryAfter' in expected ? expected.retryAfter : null,
    )
    const { title, ...rest } = JSON.parse(body) as Record<string, unknown>
    expect(title).toMatch(/^\w.*\.$/)
    expect(rest).toEqual({
      type: `urn:mailgun-smtp:outcome:${error.outcome}`,
      status,
      code: error.code,
    })
    expect(body).not.toContain('secret-canary')
  })

  test.each([
    new ConfigError('No credentials.'),
    new InvalidOptionError('tags[0]', 'must be ASCII'),
    new TypeError('Not ours.'),
  ])('passes on $name', async (error) => {
    await using server = await serveError(error)

    const response = await fetch(server.url)

    expect(response.status).toBe(500)
    expect(await response.text()).toBe(`passed on: ${error.name}`)
  })

  test('passes on an error that came after the headers were sent', async () => {
    await using server = await serveError(new DeliveryError(failure), (res) => {
      res.write('begun')
    })

    const response = await fetch(server.url)

    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('drops what the handler had said about its own answer', async () => {
    await using server = await serveError(new DeliveryError(failure), (res) => {
      res.set({ 'Content-Encoding': 'gzip', 'Content-Length': '3', ETag: '"a"' })
      res.attachment('order.pdf').location('/orders/1')
      res.statusMessage = 'Order taken'
    })

    const response = await fetch(server.url)

    expect(await response.json()).toMatchObject({ status: 422 })
    expect(response.statusText).toBe('Unprocessable Entity')
    const left = ['etag', 'content-disposition', 'location'].filter((name) =>
      response.headers.has(name),
    )
    expect(left).toEqual([])
  })

  test('answers 503 without a server at the SMTP port', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => probe.once('listening', resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    await using mail = mailgun({
      host: '127.0.0.1',
      port,
      secure: false,
      auth: { user: 'postmaster@mg.example.com', pass: 'secret-canary' },
    })
    const app = express()
    app.use(mail)
    app.get('/', async (_req, res, next) => {
      const from = 'shop@mg.example.com'
      try {
        res.json(await res.mail({ from, to: 'ada@example.net', subject: 'Hi', text: 'Hi' }))
      } catch (error) {
        next(error)
      }
    })
    app.use(mailErrorHandler())
    await using server = await serve(app)

    const response = await fetch(server.url)

    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'ERR_MAILGUN_CONNECTION' })
  })
})
