import { describe, expect, it } from 'vitest'
import { attacks } from './attacks.ts'
import { secret } from '../world/next-app.ts'
import { type Answer, post, readPage } from '../world/stranger.ts'
import type { World } from '../world/world.ts'

/** What strangers try, against a site that runs as its owner would run it. */
export function underAttack(world: World): void {
  describe('under attack', () => {
    it.each(Object.entries(attacks))(
      'by %s',
      async (name, { on, post: make, mails, says = /^/ }) => {
        const form = await readPage(`${world.site.url}${on}`)

        const given = make(form)
        const headers = { 'X-Forwarded-For': addressOf(name), ...given.headers }
        const answer = await post(form, { ...given, headers })

        expectNothingTold(answer)
        expect(answer.body).toMatch(says)
        expect(recipients(world)).toEqual(ownerTimes(mails))
        expectHarmless(world)
        expect((await readPage(`${world.site.url}/contact`)).hidden).not.toEqual({})
      },
    )

    it('by a flood from addresses that it makes up', async () => {
      const form = await readPage(`${world.site.url}/forms/flooded`)

      const fields = [
        ['email', 'ada@example.com'],
        ['text', 'Buy this'],
      ] as const

      for (let at = 0; at < 20; at += 1) {
        const headers = { 'X-Forwarded-For': `6.6.6.${at}` }
        expectNothingTold(await post(form, { fields, headers }))
      }

      expect(recipients(world)).toEqual(ownerTimes(4))
    })
  })
}

/** An address of its own for each attack, so that none is stopped by the rate limit alone. */
function addressOf(name: string): string {
  return `203.0.113.${Object.keys(attacks).indexOf(name)}`
}

const ownerTimes = (mails: number) => Array<string>(mails).fill('owner@example.com')
const recipients = ({ emulator }: World) =>
  emulator.submissions.flatMap(({ envelope }) => envelope.to)

function expectHarmless({ emulator }: World): void {
  for (const { headers, subject, options } of emulator.submissions) {
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('bcc')
    expect(subject.length).toBeLessThanOrEqual(200)
    expect(options).not.toHaveProperty('archiveTo')
  }
}

/** No stack, no path of the server, no secret and no word of the mail server's. */
function expectNothingTold({ body }: Answer): void {
  expect(body).not.toMatch(
    /\n\s+at |node_modules|\.next\/|\/tests\/|InvalidOptionError|ConfigError/,
  )
  expect(body).not.toContain(secret)
}
