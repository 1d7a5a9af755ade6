import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { createMailer, memoryStore, type BatchReport, type SendEnd } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Script } from '../scripted-server/scripted-session.ts'

const template = { from: 'news@example.com', subject: 'News', text: 'Hi' }
const soon = { baseDelay: 1, times: 1 } as const

const recipients = (...names: readonly string[]) =>
  names.map((name) => ({ to: `${name}@example.net` }))

/** Sends a batch, and tells what was reported of each. */
async function batch(
  mailer: ReturnType<typeof createMailer>,
  names: readonly string[],
): Promise<Record<string, string>> {
  const reports: BatchReport[] = []
  const onReport = (report: BatchReport) => void reports.push(report)
  await mailer.sendBatch(template, recipients(...names), { key: 'news', onReport })
  return Object.fromEntries(reports.map(({ to, outcome }) => [to.replace(/@.*/, ''), outcome]))
}

function copiesFor(server: ScriptedServer, name: string): number {
  return server.commands('RCPT').filter((line) => line.includes(name)).length
}

describe.each([false, true])('pool: %s', (pool) => {
  test('continued with its key, a batch is sent to exactly those who were deferred', async () => {
    let busy = true
    const script: Script = {
      rcpt(line) {
        if (line.includes('gone')) return '550 No such user'
        return line.includes('busy') && busy ? '450 Busy' : undefined
      },
    }
    await using server = await ScriptedServer.open({ script })
    await using mailer = createMailer({ ...server.config, pool, retry: soon, store: memoryStore() })
    const names = ['ada', 'gone', 'busy', 'eve']

    expect(await batch(mailer, names)).toEqual({
      ada: 'accepted',
      gone: 'rejected',
      busy: 'deferred',
      eve: 'accepted',
    })
    busy = false
    const done = { ada: 'accepted', gone: 'rejected', busy: 'accepted', eve: 'accepted' }
    expect(await batch(mailer, names)).toEqual(done)
    expect(await batch(mailer, names)).toEqual(done)

    expect(server.bodies).toHaveLength(2)
    for (const name of ['ada', 'eve', 'gone']) expect(copiesFor(server, name)).toBe(1)
  })

  test('a recipient that was refused for good is so in a chunk that was lost after the dot', async () => {
    await using server = await ScriptedServer.open({
      script: {
        rcpt: (line) => (line.includes('gone') ? '550 No such user' : undefined),
        dot: '451 Later',
      },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: false })

    expect(await batch(mailer, ['ada', 'gone'])).toEqual({ ada: 'deferred', gone: 'rejected' })
  })

  test('a recipient that was deferred and then lost after the dot is unknown, and settled', async () => {
    await using server = await ScriptedServer.open({
      script: {
        rcpt: (line, time) => (line.includes('busy') && time === 2 ? '450 Busy' : undefined),
        dot: (_line, time) => (time === 2 ? { drop: 'end' } : undefined),
      },
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })
    expect(await batch(mailer, ['ada', 'busy'])).toEqual({ ada: 'accepted', busy: 'unknown' })

    await mailer.settle('news:0', 'accepted')

    expect(await batch(mailer, ['ada', 'busy'])).toEqual({ ada: 'accepted', busy: 'accepted' })
    expect(server.bodies).toHaveLength(2)
  })
})

test('each message of a batch tells its place in it, and counts what came of its recipients', async () => {
  const name = 'mailgun-smtp:send:end'
  const told: SendEnd[] = []
  const listen = (event: unknown): void => void told.push(event as SendEnd)
  await using server = await ScriptedServer.open({
    script: { rcpt: (line) => (line.includes('gone') ? '550 No' : undefined) },
  })
  await using mailer = createMailer({ ...server.config, retry: false })
  const messageIds = new Set<string>()
  const onReport = ({ messageId }: BatchReport): void => void messageIds.add(messageId ?? '')

  subscribe(name, listen)
  await mailer.sendBatch(template, recipients('ada', 'gone', 'eve', 'bob', 'cyd'), {
    maxRecipients: 2,
    onReport,
  })
  unsubscribe(name, listen)

  const own = told.filter(({ messageId }) => messageIds.has(messageId))
  expect(own).toMatchObject([
    { batch: { chunk: 0 }, recipients: 2, accepted: 1, rejected: 1, deferred: 0, refused: 1 },
    { batch: { chunk: 1 }, recipients: 2, accepted: 2, rejected: 0, unknown: 0, refused: 0 },
    { batch: { chunk: 2 }, recipients: 1, accepted: 1 },
  ])
})
