import type { SessionRecord } from '@mailgun-smtp/emulator'
import { expect, it } from 'vitest'
import { describeInBrowser } from '../browser/chromium/browser-tests.ts'
import { post, readPage } from './world/stranger.ts'
import { visits } from './promises/visits.ts'
import { world } from './world/world.ts'

describeInBrowser('a site on Next.js 16 that is being written', () => {
  // Without @react-email/render, which an app may leave out.
  const written = world({ next: '16', bundler: 'turbopack', reactEmail: false }, 'development')
  const question = [
    ['email', 'ada@example.com'],
    ['text', 'Is it done?'],
  ] as const

  visits(written)

  it('says what to install for a React body, and mails nothing', async () => {
    const form = await readPage(`${written.site.url}/forms/pretty`)

    const answer = await post(form, { fields: question })

    expect(answer.body).toContain('because of a fault on this site')
    await written.site.log.waitFor(/install @react-email\/render/)
    expect(written.emulator.submissions).toEqual([])
  })

  it('has one pool after fifty saves', async () => {
    const { app, site, emulator } = written
    const route = `${site.url}/api/mail`
    const source = app.read('lib/mail.ts')
    // So that the records hold the pool's connection from its start: an older one is lost, and the mail sent again.
    emulator.faults.next({ at: 'mail', drop: true })
    await fetch(route, { method: 'POST' })

    for (let edition = 1; edition <= 50; edition += 1) {
      app.write('lib/mail.ts', source.replace('edition = 0', `edition = ${edition}`))
      await expect
        .poll(async () => await (await fetch(route)).json(), { timeout: 60_000 })
        .toEqual({ edition })
      await fetch(route, { method: 'POST' })
    }
    await post(await readPage(`${site.url}/forms/leading`), { fields: question })

    // Two pools would each keep a connection.
    expect(emulator.submissions).toHaveLength(52)
    expect(emulator.sessions.filter(({ closedAt }) => closedAt === undefined)).toHaveLength(1)
    expect(openedWhileAnotherWas(emulator.sessions)).toEqual([])
  }, 300_000)

  it('says in a sentence what is wrong with a mailer on the edge', async () => {
    const { app, site } = written
    app.write(
      'app/edge/route.ts',
      `import { sendMail } from '@mailgun-smtp/next'
      export const runtime = 'edge'
      export async function GET() { await sendMail({}); return new Response() }`,
    )

    await expect.poll(statusOf(`${site.url}/edge`), { timeout: 60_000 }).toBe(500)
    await site.log.waitFor(/runs in Node\.js only\. .*runtime = 'edge'/)
  })

  // The last, as a page that does not compile takes others with it.
  it('says in a sentence what is wrong with a mailer in the browser', async () => {
    const { app, site } = written
    app.write(
      'app/wrong/page.tsx',
      `'use client'
      import { sendMail } from '@mailgun-smtp/next'
      export default function Page() { return <button onClick={() => sendMail({})}>Send</button> }`,
    )

    await expect.poll(statusOf(`${site.url}/wrong`), { timeout: 60_000 }).toBe(500)
    expect(
      await site.log.waitFor(/'server-only' cannot be imported from a Client Component/),
    ).toMatch(/import from @mailgun-smtp\/next\/form/)
  })
})

/** The server may need a moment to see a new page. */
const statusOf = (url: string) => async () => (await fetch(url)).status

/** The sessions that began before the one before them had ended. */
function openedWhileAnotherWas(sessions: readonly SessionRecord[]): readonly SessionRecord[] {
  return sessions.filter(({ openedAt }, at) => {
    const before = sessions[at - 1]
    return before && !(before.closedAt && before.closedAt <= openedAt)
  })
}
