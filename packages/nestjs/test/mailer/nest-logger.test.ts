import { inspect } from 'node:util'
import type { Logger } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { ConsoleLogger } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { afterEach, expect, it } from 'vitest'
import { getMailgunToken, MailgunService } from '../../src/index.ts'
import { MailgunTestingModule, type MailgunTestingOptions } from '../../src/testing/index.ts'
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
  const module = await Test.createTestingModule({
    imports: [MailgunTestingModule.forRoot(options)],
  })
    .setLogger(logger)
    .compile()
  cleanups.push(() => module.close())
  return [module.get<MailgunService>(getMailgunToken(options.name)), logger]
}

const mails = (lines: Lines): unknown[][] =>
  lines.list.filter((line) => String(line.at(-1)).startsWith('Mailgun:'))

it("tells Nest's logger of each send in words and in fields, under the mailer's name", async () => {
  const [mail, lines] = await open({ name: 'news' })

  const { messageId } = await mail.send(message)
  await mail.send({ ...message, to: 'Ada ada@example.com' }).catch(() => undefined)

  expect(mails(lines).slice(0, 2)).toEqual([
    ['debug', 'mail being sent', expect.objectContaining({ messageId }), 'Mailgun:news'],
    ['log', 'mail accepted', expect.objectContaining({ messageId, recipients: 1 }), 'Mailgun:news'],
  ])
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

it('tells another logger that is given, or with false nobody', async () => {
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
