import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createMailer } from '../../src/index.ts'
import { failedSend, shownBy, verdict, ways } from '../scripted-server/failed-send.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Script } from '../scripted-server/scripted-session.ts'
import { letter } from '../wire/wire.ts'

const to = ['ada@example.net', 'bob@example.net', 'cyd@example.net']

/** Refuses whom it is told, in the words given. */
function refusing(words: Readonly<Record<string, string>>): Script {
  return { rcpt: (line) => Object.entries(words).find(([name]) => line.includes(name))?.[1] }
}

describe.each(ways)('pool: $pool, pipelining: $pipelining', ({ pool, pipelining }) => {
  test('a message taken for some is accepted, and the receipt names the others', async () => {
    await using server = await ScriptedServer.open({
      script: refusing({ bob: '550 No such user', cyd: '451 cyd@example.net is busy' }),
      pipelining,
    })
    await using mailer = createMailer({ ...server.config, pool, retry: false })

    const receipt = await mailer.send({ ...letter, to })

    expect(receipt).toMatchObject({
      envelope: { from: 'shop@example.com', to },
      accepted: ['ada@example.net'],
      refused: [
        {
          address: 'bob@example.net',
          outcome: 'rejected',
          reply: { code: 550, text: 'mailbox unavailable' },
        },
        {
          address: 'cyd@example.net',
          outcome: 'deferred',
          reply: { code: 451, text: 'local error in processing' },
        },
      ],
      reply: { code: 250, text: 'Great success' },
      attempts: 1,
    })
    expect(inspect(receipt, { depth: 10 })).not.toContain('example.net')
    expect(server.bodies).toHaveLength(1)
  })

  test('refused for all and for ever, it is rejected, each with its reply', async () => {
    const { error } = await failedSend(
      { script: refusing({ ada: '550 No', bob: '553 No', cyd: '501 No' }), pipelining },
      { pool },
      { ...letter, to },
    )

    expect(verdict(error)).toEqual({
      outcome: 'rejected',
      fault: 'recipient',
      retryable: false,
      code: 'ERR_MAILGUN_RECIPIENT',
    })
    expect(
      error.refused.map(({ address, outcome, reply }) => [address, outcome, reply?.code]),
    ).toEqual([
      ['ada@example.net', 'rejected', 550],
      ['bob@example.net', 'rejected', 553],
      ['cyd@example.net', 'rejected', 501],
    ])
    expect(shownBy(error)).not.toContain('example.net')
  })

  test('refused for all, for one of them until later, it is deferred', async () => {
    const { error } = await failedSend(
      { script: refusing({ ada: '550 No', bob: '451 Later', cyd: '550 No' }), pipelining },
      { pool },
      { ...letter, to },
    )

    expect(error).toMatchObject({ outcome: 'deferred', retryable: true, reply: { code: 451 } })
    expect(error.refused.map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'deferred',
      'rejected',
    ])
  })
})

test('a server that takes DATA without a recipient gets an empty message', async () => {
  const { error, server } = await failedSend({
    script: { rcpt: '550 No', data: '354 Continue' },
    pipelining: true,
  })

  expect(error.outcome).toBe('rejected')
  expect(server.bodies.join('')).toBe('')
})

test('a receipt is plain data', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer(server.config)

  const receipt = await mailer.send({ ...letter, messageId: '<1@example.com>' })

  expect(JSON.parse(JSON.stringify(receipt))).toEqual({
    messageId: '<1@example.com>',
    envelope: { from: 'shop@example.com', to: ['ada@example.net'] },
    recipients: [
      {
        address: 'ada@example.net',
        outcome: 'accepted',
        retryable: false,
        reply: { code: 250, text: 'Great success' },
      },
    ],
    accepted: ['ada@example.net'],
    refused: [],
    reply: { code: 250, text: 'Great success' },
    attempts: 1,
  })
})
