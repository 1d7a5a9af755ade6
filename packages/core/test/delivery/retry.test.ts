import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createMailer, DeliveryError } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Script, Stage } from '../scripted-server/scripted-session.ts'
import { letter } from '../wire/wire.ts'

const soon = { baseDelay: 1 } as const

/** Fails so often, then answers as usual. */
function failing(
  times: number,
  answer: string,
): (line: string, time: number) => string | undefined {
  return (_line, time) => (time <= times ? answer : undefined)
}

const messageIds = (bodies: readonly string[]): Set<string | undefined> =>
  new Set(bodies.map((body) => /^Message-ID: (.*)$/im.exec(body)?.[1]))

describe.each([false, true])('pool: %s', (pool) => {
  test.each<[string, Script]>([
    ['greeting', { greeting: failing(2, '421 Busy') }],
    ['mail', { mail: failing(2, '451 Later') }],
    ['data', { data: failing(2, '451 Later') }],
    ['dot', { dot: failing(2, '451 Later') }],
  ])('a %s that is deferred twice is taken at the third try', async (_moment, script) => {
    await using server = await ScriptedServer.open({ script })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    const receipt = await mailer.send(letter)

    expect(receipt.attempts).toBe(3)
    expect(messageIds(server.bodies)).toEqual(new Set([receipt.messageId]))
  })

  test('what is deferred for good ends with the number of tries, each on a connection of its own', async () => {
    await using server = await ScriptedServer.open({ script: { mail: '451 Later' } })
    await using mailer = createMailer({ ...server.config, pool, retry: { ...soon, times: 2 } })

    await expect(mailer.send(letter)).rejects.toMatchObject({
      outcome: 'deferred',
      retryable: true,
      attempts: 3,
      reply: { code: 451 },
    })
    expect(server.sessions).toBe(3)
  })

  test('what is rejected is tried once', async () => {
    await using server = await ScriptedServer.open({ script: { dot: '554 No' } })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'rejected', attempts: 1 })
    expect(server.bodies).toHaveLength(1)
  })

  test('of several recipients only the deferred ones are tried again', async () => {
    await using server = await ScriptedServer.open({
      script: {
        rcpt: (line) => {
          if (line.includes('gone')) return '550 No such user'
          if (line.includes('busy') && server.sessions < 2) return '451 Later'
          return undefined
        },
      },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    const receipt = await mailer.send({
      ...letter,
      to: ['ok@d.test', 'gone@d.test', 'busy@d.test'],
    })

    expect(receipt).toMatchObject({
      attempts: 2,
      accepted: ['ok@d.test', 'busy@d.test'],
      refused: [{ address: 'gone@d.test', outcome: 'rejected', reply: { code: 550 } }],
    })
    expect(server.commands('RCPT').map((line) => line.slice('RCPT TO:'.length))).toEqual([
      '<ok@d.test>',
      '<gone@d.test>',
      '<busy@d.test>',
      '<busy@d.test>',
    ])
    expect(messageIds(server.bodies)).toEqual(new Set([receipt.messageId]))
  })

  test('when every recipient is refused, some for now, those alone are tried again', async () => {
    await using server = await ScriptedServer.open({
      script: {
        rcpt: (line) => (line.includes('gone') ? '550 No such user' : '451 Later'),
      },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: { ...soon, times: 1 } })

    const error: unknown = await mailer
      .send({ ...letter, to: ['gone@d.test', 'busy@d.test'] })
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ outcome: 'deferred', attempts: 2 })
    expect((error as DeliveryError).refused).toMatchObject([
      { address: 'gone@d.test', outcome: 'rejected' },
      { address: 'busy@d.test', outcome: 'deferred' },
    ])
    expect(server.commands('RCPT')).toHaveLength(3)
  })

  test('a lost acknowledgement is not tried again, but on request, with the same Message-ID', async () => {
    const stage: Stage = {
      script: { dot: (_line, time) => (time === 1 ? { drop: 'end' } : undefined) },
    }
    await using held = await ScriptedServer.open(stage)
    await using holding = createMailer({ ...held.config, pool, retry: soon })
    await expect(holding.send(letter)).rejects.toMatchObject({ outcome: 'unknown', attempts: 1 })
    expect(held.bodies).toHaveLength(1)

    await using resent = await ScriptedServer.open(stage)
    await using resending = createMailer({
      ...resent.config,
      pool,
      retry: soon,
      onUnknown: 'resend',
    })
    const receipt = await resending.send(letter)
    expect(receipt.attempts).toBe(2)
    expect(resent.bodies).toHaveLength(2)
    expect(messageIds(resent.bodies)).toEqual(new Set([receipt.messageId]))
  })

  test('what may have been taken stays unknown, though the copy sent on request was refused', async () => {
    await using server = await ScriptedServer.open({
      script: { dot: (_line, time) => (time === 1 ? { drop: 'end' } : '554 No') },
    })
    await using mailer = createMailer({
      ...server.config,
      pool,
      retry: soon,
      onUnknown: 'resend',
    })

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'unknown', attempts: 2 })
    expect(server.bodies).toHaveLength(2)
  })

  test('a recipient that was tried again and got no answer is unknown, and the others are accepted', async () => {
    await using server = await ScriptedServer.open({
      script: {
        rcpt: (line) => (line.includes('busy') && server.sessions < 2 ? '451 Later' : undefined),
        dot: (_line, time) => (time === 2 ? { drop: 'end' } : undefined),
      },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    await expect(
      mailer.send({ ...letter, to: ['ok@d.test', 'busy@d.test'] }),
    ).resolves.toMatchObject({
      accepted: ['ok@d.test'],
      refused: [{ address: 'busy@d.test', outcome: 'unknown' }],
      attempts: 2,
    })
  })

  test('a refused login is not tried again for a minute, by fifty sends at once either', async () => {
    await using server = await ScriptedServer.open({
      script: { auth: '535 Authentication failed' },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    const results = await Promise.allSettled(Array.from({ length: 50 }, () => mailer.send(letter)))

    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_MAILGUN_AUTH', outcome: 'deferred', retryable: false },
      })
    }
    await expect(mailer.send(letter)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_AUTH',
      attempts: 0,
    })
    expect(server.commands('AUTH')).toHaveLength(1)
  })
})

test('a date beyond the time for retries is told, not waited for', async () => {
  const text = '421 Domain a.test is not allowed to send: recipient limit exceeded, try again after'
  await using server = await ScriptedServer.open({
    script: { data: `${text} Sun, 05 Oct 2125 19:22:44 UTC` },
  })
  await using mailer = createMailer({ ...server.config, retry: soon })

  await expect(mailer.send(letter)).rejects.toMatchObject({
    code: 'ERR_MAILGUN_QUOTA',
    outcome: 'deferred',
    attempts: 1,
    retryAfter: new Date('2125-10-05T19:22:44Z'),
  })
})

test('a stream that was read cannot be read again: the caller is told, nothing is sent without it', async () => {
  await using server = await ScriptedServer.open({ script: { dot: failing(1, '451 Later') } })
  await using mailer = createMailer({ ...server.config, retry: soon })
  const attachments = [{ filename: 'a.txt', content: Readable.from(['once']) }]

  await expect(mailer.send({ ...letter, attachments })).rejects.toMatchObject({
    outcome: 'deferred',
    attempts: 1,
  })
  expect(server.bodies).toHaveLength(1)
})

test('retry: false tries once', async () => {
  await using server = await ScriptedServer.open({ script: { mail: '451 Later' } })
  await using mailer = createMailer({ ...server.config, retry: false })

  await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'deferred', attempts: 1 })
})

test('a send that is aborted between two attempts is deferred: nothing was taken', async () => {
  await using server = await ScriptedServer.open({ script: { mail: '451 Later' } })
  await using mailer = createMailer({ ...server.config, retry: { baseDelay: 20_000 } })
  const controller = new AbortController()

  const sending = mailer.send(letter, { signal: controller.signal })
  void server.heard(/^MAIL/).then(() => setImmediate(() => controller.abort()))

  await expect(sending).rejects.toMatchObject({ outcome: 'deferred', code: 'ERR_MAILGUN_ABORTED' })
})
