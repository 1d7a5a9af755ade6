import { expect, test } from 'vitest'
import { createMailer } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

test('what is beyond the queue is told at once, and the others are sent', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer({ ...server.config, maxConnections: 2, maxQueue: 3 })

  const results = await Promise.allSettled(Array.from({ length: 9 }, () => mailer.send(letter)))

  const refused = results.filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(4)
  for (const result of refused) {
    expect(result).toMatchObject({
      reason: { code: 'ERR_MAILGUN_QUEUE_FULL', outcome: 'deferred', retryable: true, attempts: 0 },
    })
  }
  expect(server.bodies).toHaveLength(5)
})

test('a send that is aborted while it waits leaves the queue, and nothing of it is sent', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer({ ...server.config, maxConnections: 1 })
  const controller = new AbortController()

  const first = mailer.send(letter)
  const left = mailer.send(letter, { signal: controller.signal })
  const last = mailer.send(letter)
  controller.abort()

  await expect(left).rejects.toMatchObject({ code: 'ERR_MAILGUN_ABORTED', attempts: 0 })
  await Promise.all([first, last])
  expect(server.bodies).toHaveLength(2)
})
