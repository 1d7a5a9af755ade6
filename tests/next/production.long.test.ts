import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { describeInBrowser } from '../browser/chromium/browser-tests.ts'
import { filesBelow, root } from '../workspace.ts'
import { secret } from './world/next-app.ts'
import { post, readPage } from './world/stranger.ts'
import { underAttack } from './promises/under-attack.ts'
import { visits } from './promises/visits.ts'
import { world } from './world/world.ts'

describeInBrowser('a site on Next.js 16, built by Turbopack', () => {
  const built = world({ next: '16', bundler: 'turbopack', reactEmail: true }, 'production')
  const question = [
    ['email', 'ada@example.com'],
    ['text', 'Is it <b>late</b>?'],
  ] as const

  visits(built)
  underAttack(built)

  it('has one connection for its forms, its route handlers and its hook at the start', async () => {
    const { site, emulator } = built
    const form = await readPage(`${site.url}/forms/leading`)

    for (let at = 0; at < 3; at += 1) {
      await fetch(`${site.url}/api/mail`, { method: 'POST' })
      await post(form, { fields: question })
    }

    const sessions = new Set(emulator.submissions.map(({ session }) => session.id))
    expect(emulator.submissions).toHaveLength(6)
    expect(sessions.size).toBe(1)
  })

  it('mails a React body as HTML and text', async () => {
    const form = await readPage(`${built.site.url}/forms/pretty`)

    await post(form, { fields: question })

    const mail = await built.emulator.messages[0]?.load()
    expect(mail?.html).toContain('<b>Is it &lt;b&gt;late&lt;/b&gt;?</b>')
    expect(mail?.text).toContain('Somebody asks: Is it <b>late</b>?')
  })

  it('answers while the mail server is down, lives on, and tells the log', async () => {
    const { site, emulator } = built
    const form = await readPage(`${site.url}/forms/later`)
    emulator.faults.always({ at: 'mail', drop: true })

    const answer = await post(form, { fields: question })

    expect(answer.body).toContain('Sent.')
    expect(await site.log.waitFor(/later: failed/)).not.toMatch(/unhandled/i)
    emulator.faults.clear()
    await post(form, { fields: question })
    await emulator.waitFor({ to: 'owner@example.com' }, { timeout: 30_000 })
    expect(emulator.submissions).toHaveLength(1)
  })

  it('sends a mail that is on its way when it is told to end', async () => {
    const { app, emulator } = built
    await using site = await app.start(emulator)
    const form = await readPage(`${site.url}/forms/later`)
    emulator.faults.next({ at: 'data', delay: 4000 })

    await post(form, { fields: question })
    expect(emulator.submissions).toEqual([])
    site.terminate()

    expect(await site.ended).not.toMatchObject({ signal: 'SIGKILL' })
    expect(emulator.submissions).toHaveLength(1)
  })

  it('has nothing of the server in what browsers load', () => {
    const scripts = filesBelow(`${built.app.folder}/.next/static`, /\.(?:js|map|css|json)$/)
    const text = scripts.map((path) => readFileSync(path, 'utf8')).join('\n')
    const { pass } = built.emulator.credentials

    expect(text).toContain('Leave this empty')
    expect(text).not.toMatch(/nodemailer|MAILGUN_SMTP|EHLO|node:net|createHmac|X-Mailgun-/i)
    expect(text).not.toContain('owner@example.com')
    for (const canary of [pass, secret]) expect(text).not.toContain(canary)
  })
})

it('gives a browser less than 3 kB', async () => {
  const [bundle] = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      lib: { entry: `${root}packages/next/dist/form.js`, formats: ['es'] },
      rollupOptions: { external: /^react/ },
    },
  })) as { output: { code: string }[] }[]
  const code = bundle?.output[0]?.code ?? ''

  expect(code).toContain('Leave this empty')
  expect(gzipSync(code).length).toBeLessThan(3000)
})
