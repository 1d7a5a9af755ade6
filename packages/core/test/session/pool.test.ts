import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AttemptLog } from '../../src/session/attempt-log.ts'
import { Halt } from '../../src/session/halt.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { deadlines, held, poolTo, settingsFor } from './session-of.ts'

test('connections are used again, and each login is made once', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server)

  for (let n = 0; n < 5; n += 1) await pool.hand(held())

  expect(server.sessions).toBe(1)
  expect(server.commands('AUTH')).toHaveLength(1)
  expect(server.commands('RSET')).toEqual([])
  expect(server.bodies).toHaveLength(5)
})

test('without keeping, each message has a connection of its own, which ends with QUIT', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server, {}, { isKept: false })

  await pool.hand(held())
  await pool.hand(held())
  await server.deserted()

  expect(server.sessions).toBe(2)
  expect(server.commands('QUIT')).toHaveLength(2)
})

test('maxConnections holds, and those that wait come in order', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server, {}, { maxConnections: 2 })

  const handed = Array.from({ length: 10 }, (_, n) => pool.hand(held(String(n))))
  expect(pool.isIdle).toBe(false)
  await Promise.all(handed)

  expect(server.sessions).toBe(2)
  expect(server.bodies).toHaveLength(10)
  expect(pool.isIdle).toBe(true)
})

test('maxMessages ends a connection', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server, {}, { maxConnections: 1, maxMessages: 2 })

  for (let n = 0; n < 5; n += 1) await pool.hand(held())

  expect(server.sessions).toBe(3)
})

test('an attempt that must not use a kept connection opens one, and no more are open than may be', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server, {}, { maxConnections: 1 })

  await pool.hand(held())
  await pool.hand(held(), { mayUseKept: false })
  await pool.hand(held())

  expect(server.sessions).toBe(2)
})

test('another login has a connection of its own, which is never kept', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server)

  await pool.hand(held())
  await pool.hand(held(), { credentials: { user: 'other', pass: 'secret' } })
  await pool.hand(held())

  expect(server.sessions).toBe(2)
})

describe('after a refusal', () => {
  test.each([
    ['mail', '451 Later', 0],
    ['rcpt', '550 No', 1],
    ['data', '451 Later', 1],
    ['dot', '451 Later', 0],
  ] as const)('at %s the connection is used again, in order', async (moment, said, resets) => {
    const script = { [moment]: (_line: string, time: number) => (time === 1 ? said : undefined) }
    await using server = await ScriptedServer.open({ script })
    using pool = poolTo(server)

    expect(await pool.hand(held())).toMatchObject({ reply: { code: Number(said.slice(0, 3)) } })
    expect(await pool.hand(held())).toMatchObject({ reply: { code: 250 } })

    expect(server.sessions).toBe(1)
    expect(server.commands('RSET')).toHaveLength(resets)
    expect(server.bodies).toHaveLength(moment === 'dot' ? 2 : 1)
  })

  test('421 ends it', async () => {
    const script = { dot: (_line: string, time: number) => (time === 1 ? '421 Bye' : undefined) }
    await using server = await ScriptedServer.open({ script })
    using pool = poolTo(server)

    expect(await pool.hand(held())).toMatchObject({ reply: { code: 421 } })
    expect(await pool.hand(held())).toMatchObject({ reply: { code: 250 } })

    expect(server.sessions).toBe(2)
  })
})

test('a reply glued to the final one leaves the receipt, and ends the connection', async () => {
  const script = {
    dot: (_line: string, time: number) => (time === 1 ? '250 OK\r\n550 No' : undefined),
  }
  await using server = await ScriptedServer.open({ script })
  using pool = poolTo(server)

  expect(await pool.hand(held())).toMatchObject({ stage: 'final', reply: { code: 250 } })
  expect(await pool.hand(held())).toMatchObject({ stage: 'final', reply: { code: 250 } })

  expect(server.sessions).toBe(2)
  expect(server.bodies).toHaveLength(2)
})

describe('a kept connection that is of no more use is replaced at once', () => {
  test.each([
    ['closes', { drop: 'end' }],
    ['resets', { drop: 'reset' }],
    ['says 421', '421 Idle too long'],
    ['says what is no reply', 'rubbish'],
  ] as const)('the server %s when it is used again', async (_how, answer) => {
    const script = { mail: (_line: string, time: number) => (time === 2 ? answer : undefined) }
    await using server = await ScriptedServer.open({ script })
    using pool = poolTo(server)
    await pool.hand(held('first'))

    expect(await pool.hand(held('second'))).toMatchObject({ stage: 'final', reply: { code: 250 } })

    expect(server.sessions).toBe(2)
    expect(server.bodies).toHaveLength(2)
  })

  test.each([
    ['', 'closes it'],
    ['421 4.4.2 Timeout\r\n', 'says goodbye'],
  ])('the server %j %s while it is idle: nothing is wrong', async (words) => {
    await using server = await ScriptedServer.open()
    using pool = poolTo(server)
    await pool.hand(held('first'))

    await server.endAll(words)
    expect(await pool.hand(held('second'))).toMatchObject({ reply: { code: 250 } })

    expect(server.sessions).toBe(2)
  })

  test('a connection that died without a word costs seconds, and nothing is sent twice', async () => {
    await using server = await ScriptedServer.open()
    await using proxy = await openProxy(server.port)
    using pool = poolTo(server, { ports: [{ port: proxy.port, secure: false }], keptPatience: 200 })
    await pool.hand(held('first'))

    proxy.swallow()
    const record = await pool.hand(held('second'))

    expect(record).toMatchObject({ stage: 'final', reply: { code: 250 } })
    expect(server.bodies.map((body) => body.includes('second'))).toEqual([false, true])
  })
})

test('a server with no room for another connection gets the message on one it has', async () => {
  await using server = await ScriptedServer.open({
    script: {
      greeting: (_line, time) => (time > 2 ? '421 4.7.0 Too many connections from you' : undefined),
    },
  })
  using pool = poolTo(server, {}, { maxConnections: 5 })

  const records = await Promise.all(
    Array.from({ length: 12 }, (_, n) => pool.hand(held(String(n)))),
  )

  expect(records.map(({ reply }) => reply?.code)).toEqual(Array.from({ length: 12 }, () => 250))
  expect(server.bodies).toHaveLength(12)
})

describe('closing', () => {
  test('lets messages in progress finish, refuses those that wait, and leaves no connection', async () => {
    await using server = await ScriptedServer.open()
    using pool = poolTo(server, {}, { maxConnections: 1 })
    const first = pool.hand(held())
    const second = pool.hand(held())
    await server.heard(/^MAIL/)

    pool.close()

    expect(await first).toMatchObject({ reply: { code: 250 } })
    expect(await second).toMatchObject({ failure: { reason: 'closed' }, isDotWritten: false })
    expect(await pool.hand(held())).toMatchObject({ failure: { reason: 'closed' } })
    await server.deserted()
  })

  test('by force ends messages in progress', async () => {
    await using server = await ScriptedServer.open({ script: { dot: { silence: true } } })
    using pool = poolTo(server)
    const handing = pool.hand(held())
    await server.heard(/^\.$/)

    pool.abort()

    expect(await handing).toMatchObject({ failure: { reason: 'closed' }, isDotWritten: true })
    await server.deserted()
  })
})

test('a message that waits for a place can be halted', async () => {
  await using server = await ScriptedServer.open({ script: { dot: { silence: true } } })
  using pool = poolTo(server, {}, { maxConnections: 1 })
  void pool.hand(held())
  const halt = new Halt()

  const waiting = pool.hand(held(), { halt })
  halt.stop('aborted')

  expect(await waiting).toMatchObject({ failure: { reason: 'aborted' }, isSourceRead: false })
})

describe('a port that does not answer', () => {
  test('is not dialled again by others for a while, and is by the message that dialled it', async () => {
    await using silent = await ScriptedServer.open({ script: { greeting: { silence: true } } })
    using pool = poolTo(silent, { deadlines: { ...deadlines, greeting: 150 } })
    const unreachable = { reason: 'unreachable' }

    expect(await pool.hand(held())).toMatchObject({ failure: unreachable })
    for (let n = 0; n < 9; n += 1) {
      expect(await pool.hand(held())).toMatchObject({
        failure: { ...unreachable, isRemembered: true },
      })
    }
    expect(silent.sessions).toBe(1)
    expect(await pool.hand(held(), { usesMemory: false })).toMatchObject({ failure: unreachable })
    expect(silent.sessions).toBe(2)
  })

  test('gives way to the next at once, in the same attempt', async () => {
    await using silent = await ScriptedServer.open({ script: { greeting: { silence: true } } })
    await using server = await ScriptedServer.open()
    using pool = poolTo(server, {
      ports: [silent, server].map(({ port }) => ({ port, secure: false })),
      deadlines: { ...deadlines, greeting: 100 },
    })

    expect(await pool.hand(held())).toMatchObject({ reply: { code: 250 }, port: server.port })
    expect(await pool.hand(held(), { mayUseKept: false })).toMatchObject({ port: server.port })
    expect(silent.sessions).toBe(1)
  })
})

describe('TLS', () => {
  test.each(['starttls', 'implicit'] as const)('%s: sessions are resumed', async (tls) => {
    await using server = await ScriptedServer.open({ tls })
    using pool = poolTo(server, {}, { isKept: false })

    for (let n = 0; n < 3; n += 1) await pool.hand(held())

    expect(server.resumed).toEqual([false, true, true])
  })

  test('bytes in clear that come with the consent to STARTTLS end the session', async () => {
    await using server = await ScriptedServer.open({
      tls: 'starttls',
      script: { starttls: '220 Go\r\n250 injected' },
    })
    using pool = poolTo(server)

    expect(await pool.hand(held())).toMatchObject({
      stage: 'starttls',
      failure: { reason: 'tls-injected' },
    })
    await server.deserted()
    expect(server.commands('AUTH')).toEqual([])
  })

  test('a server that offers no STARTTLS is told no password', async () => {
    await using server = await ScriptedServer.open()
    using pool = poolTo(server, { isTlsDemanded: true })

    expect(await pool.hand(held())).toMatchObject({ failure: { reason: 'tls-not-offered' } })
    expect(server.lines.join()).not.toMatch(/AUTH|MAIL/)
  })

  test.each([
    ['elsewhere', 'tls-unverified'],
    ['expired', 'tls-unverified'],
  ] as const)('a certificate that is %s is not trusted', async (certificate, reason) => {
    await using server = await ScriptedServer.open({ tls: 'starttls', certificate })
    using pool = poolTo(server)

    expect(await pool.hand(held())).toMatchObject({ stage: 'starttls', failure: { reason } })
  })
})

test('AUTH LOGIN is used where PLAIN is not offered, and a server that offers neither is told nothing', async () => {
  await using login = await ScriptedServer.open({ mechanisms: 'LOGIN CRAM-MD5' })
  await using neither = await ScriptedServer.open({ mechanisms: 'XOAUTH2' })
  using pool = poolTo(login)
  using hopeless = poolTo(neither)

  expect(await pool.hand(held())).toMatchObject({ reply: { code: 250 } })
  expect(login.commands('AUTH')).toEqual(['AUTH LOGIN'])
  expect(await hopeless.hand(held())).toMatchObject({ failure: { reason: 'login-not-offered' } })
})

test('a server may say 250 to the login', async () => {
  await using server = await ScriptedServer.open({ script: { auth: '250 2.0.0 Ok' } })
  using pool = poolTo(server)

  expect(await pool.hand(held())).toMatchObject({ reply: { code: 250 } })
})

test('verify logs in and sends nothing', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server)

  await pool.verify(new AttemptLog())
  await server.deserted()

  expect(server.lines.map((line) => line.slice(0, 4))).toEqual(['EHLO', 'AUTH', 'QUIT'])
})

/** A proxy that can stop forwarding without a word, as a firewall does that forgot a connection. */
async function openProxy(
  target: number,
): Promise<AsyncDisposable & { port: number; swallow(): void }> {
  const sockets = new Set<Socket>()
  const swallowed = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('data', (chunk) => swallowed.has(from) || to.write(chunk))
      from.on('close', () => swallowed.has(from) || to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    swallow() {
      for (const socket of sockets) swallowed.add(socket)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('what the settings say is what the server is greeted with', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server)
  await pool.hand(held())

  expect(server.commands('EHLO')).toEqual([`EHLO ${settingsFor(server).name}`])
})
