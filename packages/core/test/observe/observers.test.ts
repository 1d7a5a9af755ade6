import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  createMailer,
  type SendEnd,
  type SendObserver,
  type SendRetry,
  type SendStart,
} from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

class Notebook implements SendObserver {
  readonly name = 'notebook'
  readonly starts: SendStart[] = []
  readonly retries: SendRetry[] = []
  readonly ends: SendEnd[] = []

  start(event: SendStart): { retry(event: SendRetry): void; end(event: SendEnd): void } {
    this.starts.push(event)
    return {
      retry: (retry) => void this.retries.push(retry),
      end: (end) => void this.ends.push(end),
    }
  }
}

/** The warnings that the process gives about this observer while it runs. */
async function warningsAbout(name: string, run: () => Promise<unknown>): Promise<string[]> {
  const heard: string[] = []
  const hear = (warning: Error): void => {
    if (warning.name === 'MailgunObserverWarning' && warning.message.includes(name)) {
      heard.push(warning.message)
    }
  }
  process.on('warning', hear)
  try {
    await run()
    await new Promise((resolve) => setImmediate(resolve))
    return heard
  } finally {
    process.off('warning', hear)
  }
}

describe('observers of a mailer', () => {
  test('hear of the start, each retry and the end of a send', async () => {
    await using server = await ScriptedServer.open({
      script: { data: (_line, time) => (time === 1 ? '451 Try later' : undefined) },
    })
    const [one, other] = [new Notebook(), new Notebook()]
    await using mailer = createMailer({
      ...server.config,
      retry: { baseDelay: 1 },
      observers: [one, other],
    })

    const { messageId } = await mailer.send(letter)

    for (const { starts, retries, ends } of [one, other]) {
      expect(starts).toEqual([{ messageId, recipients: 1, host: '127.0.0.1', tags: 0 }])
      expect(retries).toMatchObject([{ messageId, attempt: 1, replyCode: 451 }])
      expect(ends).toMatchObject([{ messageId, outcome: 'accepted', attempts: 2 }])
    }
  })

  test('may be given for a transporter or the environment, as the second argument', async () => {
    await using server = await ScriptedServer.open()
    const notebook = new Notebook()
    await using mailer = createMailer(server.config, { observers: [notebook] })

    await mailer.send(letter)

    expect(notebook.ends).toHaveLength(1)
  })

  test('may leave out what they do not need', async () => {
    await using server = await ScriptedServer.open()
    const starts: SendStart[] = []
    const ends: SendEnd[] = []
    await using mailer = createMailer({
      ...server.config,
      observers: [
        { name: 'starts', start: (event) => void starts.push(event) },
        { name: 'ends', start: () => ({ end: (event) => ends.push(event) }) },
        { name: 'deaf', listens: () => false, start: () => expect.unreachable() },
      ],
    })

    await mailer.send(letter)

    expect(starts).toHaveLength(1)
    expect(ends).toHaveLength(1)
  })

  test('that fail end no send: the process is warned once of each', async () => {
    await using server = await ScriptedServer.open()
    const fail = (): never => {
      throw new Error('broken')
    }
    const observers: SendObserver[] = [
      { name: 'broken-start', start: fail },
      { name: 'broken-end', start: () => ({ end: fail }) },
      { name: 'broken-later', start: () => ({ end: () => Promise.reject(new Error('late')) }) },
    ]
    await using mailer = createMailer({ ...server.config, observers })

    const warnings = await warningsAbout('broken-', async () => {
      await mailer.send(letter)
      await mailer.send(letter)
    })

    expect(warnings).toEqual([
      'broken-start failed while it followed a send. The send goes on. Error: broken',
      'broken-end failed while it followed a send. The send goes on. Error: broken',
      'broken-later failed while it followed a send. The send goes on. Error: late',
    ])
    expect(server.bodies).toHaveLength(2)
  })

  test.each([{}, 'console', [null], [{ name: 'a' }], [{ start: () => undefined }]])(
    '%j is refused',
    (observers) => {
      const create = (): unknown =>
        createMailer({ auth: { user: 'a@b.test', pass: 'p' }, observers: observers as never })

      expect(create).toThrow(ConfigError)
      expect(create).toThrow('observers must be')
    },
  )
})
