import { inspect } from 'node:util'
import type { Logger } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { ConsoleLogger } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { getMailgunToken, MailgunService } from '../../src/index.ts'
import { MailgunTestingModule, type MailgunTestingOptions } from '../../src/testing/index.ts'
import { nestMajor } from '../scene/nest-major.ts'
import { message } from '../scene/sent-mail.ts'

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

class Lines extends ConsoleLogger {
  readonly list: [level: string, ...args: unknown[]][] = []

  override log(...args: unknown[]): void {
    this.list.push(['log', ...args])
  }
  override debug(...args: unknown[]): void {
    this.list.push(['debug', ...args])
  }
  override warn(...args: unknown[]): void {
    this.list.push(['warn', ...args])
  }
  override error(...args: unknown[]): void {
    this.list.push(['error', ...args])
  }
}

async function open(options: MailgunTestingOptions): Promise<[MailgunService, Lines]> {
  const logger = new Lines()
  return [await openWith(logger, options), logger]
}

async function openWith(
  logger: ConsoleLogger,
  options: MailgunTestingOptions,
): Promise<MailgunService> {
  const module = await Test.createTestingModule({
    imports: [MailgunTestingModule.forRoot(options)],
  })
    .setLogger(logger)
    .compile()
  cleanups.push(() => module.close())
  return module.get<MailgunService>(getMailgunToken(options.name))
}

const mails = (lines: Lines): unknown[][] =>
  lines.list.filter((line) => String(line.at(-1)).startsWith('Mailgun:'))

it("tells Nest's logger of each send in words and in fields, under the mailer's name", async () => {
  const [mail, logged] = await open({ name: 'news' })

  const { messageId } = await mail.send(message)
  await mail.send({ ...message, to: 'Ada ada@example.com' }).catch(() => undefined)

  const lines = mails(logged).slice(0, 2)
  expect(lines.map(([level, words]) => `${String(level)} ${String(words).split(' {')[0]}`)).toEqual(
    ['debug mail being sent', 'log mail accepted'],
  )
  expect(lines.map((line) => line.at(-1))).toEqual(['Mailgun:news', 'Mailgun:news'])
  // Nest 11 has no fields in a record: there they follow the words.
  expect(lines.map(({ length }) => length)).toEqual(nestMajor >= 12 ? [4, 4] : [3, 3])
  for (const line of lines) expect(JSON.stringify(line)).toContain(messageId.slice(1, -1))
})

it('prints one record for each event by the default logger of Nest', async () => {
  const printed = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  const mail = await openWith(new ConsoleLogger({ json: true }), {})

  await mail.send(message)

  const records = printed.mock.calls.map(([line]) => JSON.parse(String(line)) as object)
  printed.mockRestore()
  expect(records.filter((record) => Reflect.get(record, 'context') === 'Mailgun:default')).toEqual(
    ['being sent', 'accepted'].map((words) =>
      expect.objectContaining({ message: expect.stringContaining(words) as unknown }),
    ),
  )
})

it('shows no address, no text, no option and no variable', async () => {
  const [mail, lines] = await open({})

  await mail.send({
    from: 'canary-from@mg.example.com',
    to: 'canary-to@example.com',
    subject: 'canary-subject',
    text: 'canary-text',
    mailgun: { tags: ['canary-tag'], variables: { canaryKey: 'canary-value' } },
  })
  await mail
    .send({ ...message, text: 'canary-text', mailgun: { dkim: 'canary-option' as never } })
    .catch(() => undefined)

  expect(mails(lines).map(([level]) => level)).toContain('error')
  expect(inspect(lines.list, { depth: 9 })).not.toMatch(/canary/i)
})

it('uses another logger that is given, or with false none', async () => {
  const told: string[] = []
  const tell = (_event: object, words: string): void => void told.push(words)
  const own: Logger = { debug: tell, info: tell, warn: tell, error: tell }
  const outbox = createOutbox()

  for (const logger of [own, false] as const) {
    const [mail, lines] = await open({ logger, outbox })
    await mail.send(message)
    expect(mails(lines)).toEqual([])
  }

  expect(told).toEqual(['mail being sent', 'mail accepted'])
  expect(outbox.messages).toHaveLength(2)
})
