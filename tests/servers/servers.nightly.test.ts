import { describe, expect, test } from 'vitest'
import { aiosmtpd } from './aiosmtpd.ts'
import { exim } from './exim.ts'
import { RealServer } from './real-server.ts'
import { smtpServer } from './smtp-server.ts'

const from = 'shop@mg.example.com'
const ada = 'ada@example.com'

/** Lines of a mail, each of which begins with a dot. */
function linesOf(bytes: number): string {
  const line = `.${'x'.repeat(62)}\n`
  return line.repeat(Math.ceil(bytes / line.length))
}

const sizes = [
  ['1 KB', 1_000],
  ['1 MB', 1_000_000],
  ['20 MB', 20_000_000],
] as const

describe.each([exim, smtpServer, aiosmtpd])('$name', (kind) => {
  if (kind.absence !== undefined)
    console.warn(`Tests with ${kind.name} are skipped: ${kind.absence}.`)
  const { absence } = kind

  describe.skipIf(absence !== undefined)('over TLS and with a login', () => {
    const ways = [{ pool: false }, { pool: true }].flatMap(({ pool }) =>
      sizes.map(([size, bytes]) => ({ size, bytes, pool })),
    )
    test.each(ways)('takes $size once and whole, pool: $pool', async ({ bytes, pool }) => {
      await using server = await RealServer.start(kind)
      await using mailer = server.mailer({ pool })
      const text = linesOf(bytes)

      const first = await mailer.send({ from, to: ada, subject: 'One', text })
      const second = await mailer.send({ from, to: ada, subject: 'Two', text: 'Short' })

      expect([first, second]).toMatchObject([
        { accepted: [ada], attempts: 1, reply: { code: 250 } },
        { accepted: [ada], attempts: 1, reply: { code: 250 } },
      ])
      const taken = server.taken()
      expect(taken).toHaveLength(2)
      expect(taken.filter((mail) => mail.includes(text))).toHaveLength(1)
    })

    test('takes many mails at once from a pool, each once', async () => {
      await using server = await RealServer.start(kind)
      await using mailer = server.mailer({ pool: true })
      const texts = Array.from({ length: 100 }, (_, at) => `Mail number ${at}.`)

      await Promise.all(texts.map(async (text) => await mailer.send({ from, to: ada, text })))

      const taken = server.taken()
      expect(texts.map((text) => taken.filter((mail) => mail.includes(text)).length)).toEqual(
        texts.map(() => 1),
      )
      expect(taken).toHaveLength(texts.length)
    })

    test.each([false, true])(
      'refuses one recipient, and takes the mail for the other, pool: %s',
      async (pool) => {
        await using server = await RealServer.start(kind)
        await using mailer = server.mailer({ pool })
        const no = 'no@example.com'

        const receipt = await mailer.send({ from, to: [ada, no], text: 'One' })
        const refused = mailer.send({ from, to: no, text: 'Two' })

        await expect(refused).rejects.toMatchObject({ outcome: 'rejected', attempts: 1 })
        expect(receipt.recipients).toMatchObject([
          { address: ada, outcome: 'accepted' },
          { address: no, outcome: 'rejected' },
        ])
        await mailer.send({ from, to: ada, text: 'Three' })
        expect(server.taken()).toHaveLength(2)
      },
    )

    test.each([false, true])(
      'puts a recipient off, and takes the mail when it is tried again, pool: %s',
      async (pool) => {
        await using server = await RealServer.start(kind)
        await using mailer = server.mailer({ pool, retry: { baseDelay: 1 } })

        const receipt = await mailer.send({ from, to: 'later@example.com', text: 'One' })

        expect(receipt).toMatchObject({ accepted: ['later@example.com'], attempts: 2 })
        expect(server.taken()).toHaveLength(1)
      },
    )

    test.each([false, true])(
      'refuses a mail above its size limit, and takes the next one, pool: %s',
      async (pool) => {
        await using server = await RealServer.start(kind)
        await using mailer = server.mailer({ pool })

        const refused = mailer.send({ from, to: ada, text: linesOf(23_000_000) })

        await expect(refused).rejects.toMatchObject({ outcome: 'rejected', attempts: 1 })
        await mailer.send({ from, to: ada, text: 'Short' })
        expect(server.taken()).toHaveLength(1)
      },
    )

    test('ends an idle connection, and the next mail is taken at the first attempt', async () => {
      await using server = await RealServer.start(kind)
      await using mailer = server.mailer({ pool: true })

      await mailer.send({ from, to: ada, text: 'One' })
      expect(server.connections()).toBe(1)
      await expect.poll(() => server.connections(), { timeout: 30_000 }).toBe(0)
      const receipt = await mailer.send({ from, to: ada, text: 'Two' })

      expect(receipt.attempts).toBe(1)
      expect(server.taken()).toHaveLength(2)
    })

    test('refuses a wrong login, and takes nothing', async () => {
      await using server = await RealServer.start(kind)
      await using mailer = server.mailer({ auth: { user: 'ada', pass: 'wrong' } })

      await expect(mailer.send({ from, to: ada, text: 'One' })).rejects.toMatchObject({
        outcome: 'deferred',
        retryable: false,
      })
      expect(server.taken()).toEqual([])
    })
  })
})
