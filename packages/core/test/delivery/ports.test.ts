import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PortFallback } from '../../src/session/port-fallback.ts'
import { createMailer, createMailgunTransport, type MailgunConfig } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The first server, and the second as its fallback. */
function pair(first: number, second: ScriptedServer): MailgunConfig {
  return { ...second.config, port: first, fallbackPorts: [second.port], retry: false }
}

describe.each([false, true])('pool: %s', (pool) => {
  test('a port without a server gives way to the next', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...pair(await closedPort(), server), pool })

    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 1 })
    await expect(mailer.verify()).resolves.toBe(true)
    expect(server.bodies).toHaveLength(1)
  })

  test('a port that does not greet gives way to the next, in the same attempt', async () => {
    await using silent = await ScriptedServer.open({ script: { greeting: { silence: true } } })
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({
      ...pair(silent.port, server),
      pool,
      deadlines: { greeting: 100 },
    })

    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 1 })
    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 1 })
    expect(silent.sessions).toBe(1)
  })

  test.each([
    ['a refusal', { dot: '550 No' }, 'rejected'],
    ['a lost acknowledgement', { dot: { drop: 'end' } }, 'unknown'],
    ['a refused login', { auth: '535 No' }, 'deferred'],
  ] as const)('%s never takes another port', async (_name, script, outcome) => {
    await using first = await ScriptedServer.open({ script })
    await using second = await ScriptedServer.open()
    await using mailer = createMailer({ ...pair(first.port, second), pool })

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome })
    expect(second.sessions).toBe(0)
  })

  test('both unreachable: deferred; and it recovers by itself', async () => {
    const [first, second] = [await closedPort(), await closedPort()]
    const config = { auth: { user: 'a', pass: 'b' }, host: '127.0.0.1', secure: false }
    await using mailer = createMailer({
      ...config,
      requireTLS: false,
      port: first,
      fallbackPorts: [second],
      retry: false,
      pool,
    })

    await expect(mailer.send(letter)).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_CONNECTION',
    })
    await using back = await ScriptedServer.open({}, first)
    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 1 })
    expect(back.bodies).toHaveLength(1)
  })
})

test('plain nodemailer has the fallback too', async () => {
  await using server = await ScriptedServer.open()
  const { retry: _retry, ...config } = pair(await closedPort(), server)

  await expect(createMailgunTransport(config).sendMail(letter)).resolves.toMatchObject({
    response: '250 Great success',
  })
})

describe('a port that was not reached', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('rests for a minute and comes first again after', () => {
    const [first, second] = [
      { port: 587, secure: false },
      { port: 465, secure: true },
    ]
    const ports = new PortFallback([first, second])
    const error = new Error('unreachable')

    ports.rest(first, error, 0)
    expect(ports.candidates()).toEqual([second])
    ports.rest(second, error, 0)
    expect(ports.candidates()).toEqual([first, second])
    vi.advanceTimersByTime(60_000)
    expect(ports.candidates()).toEqual([first, second])
  })

  test('is remembered three times as long as the dial waited, at most 30 seconds, and not at all if it answered', () => {
    const port = { port: 587, secure: false }
    const ports = new PortFallback([port])
    const error = new Error('unreachable')

    ports.rest(port, error, 0)
    expect(ports.remembered(port)).toBeUndefined()
    ports.rest(port, error, 100)
    expect(ports.remembered(port)).toBe(error)
    vi.advanceTimersByTime(300)
    expect(ports.remembered(port)).toBeUndefined()
    ports.rest(port, error, 60_000)
    vi.advanceTimersByTime(29_999)
    expect(ports.remembered(port)).toBe(error)
    vi.advanceTimersByTime(1)
    expect(ports.remembered(port)).toBeUndefined()
  })

  test('that is reached is forgotten', () => {
    const port = { port: 587, secure: false }
    const ports = new PortFallback([port, { port: 465, secure: true }])
    ports.rest(port, new Error('unreachable'), 1000)

    ports.reached(port)

    expect(ports.remembered(port)).toBeUndefined()
    expect(ports.candidates()).toHaveLength(2)
  })
})

const auth = { user: 'postmaster@mg.example.com', pass: 'p' }

test.each<[Partial<MailgunConfig>, string]>([
  [
    { fallbackPorts: [587] },
    'fallbackPorts must name each port once, and not the first one again.',
  ],
  [{ fallbackPorts: [2526] }, 'Mailgun listens on ports 25, 465, 587 and 2525'],
  [{ fallbackPorts: 'all' as never }, 'fallbackPorts must be an object.'],
  [{ fallbackPorts: {} as never }, 'fallbackPorts must be a list, such as [2525, 465].'],
])('%j is refused', (config, message) => {
  expect(() => createMailer({ auth, ...config })).toThrow(message)
})
