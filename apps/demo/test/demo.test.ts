import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Environment, isAlive, isListening, RunningDemo } from './demo/running-demo.ts'

// A folder of our own for temporary files shows what is left behind.
let folder = ''
let environment: Environment = {}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
  environment = { TMPDIR: folder, TEMP: folder }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Only Linux tells which process is whose child. */
const hasProcessTable = existsSync('/proc/self/stat')

const ownLeftovers = (): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('deckle-'))

async function post(url: string, form: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return await response.text()
}

const account = { name: 'Ada', email: 'ada@example.com', paper: 'ruled' }

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends everything, and leaves nothing', async () => {
    await using demo = new RunningDemo(environment)
    const at = await demo.opened()
    const children = demo.childIds()
    // Connections that are kept open must not hold it up.
    for (const name of ['Shop', 'Sign up', 'Contact', 'Inbox']) await fetch(at[name] ?? '')
    expect(ownLeftovers()).toHaveLength(1)

    const { code } = await demo.end(signal)

    expect(code).toBe(0)
    expect(children.length).toBe(hasProcessTable ? 3 : 0)
    expect(children.filter(isAlive)).toEqual([])
    expect(ownLeftovers()).toEqual([])
    for (const name of ['Shop', 'Sign up', 'Contact', 'Inbox', 'SMTP']) {
      expect(await isListening(at[name] ?? '')).toBe(false)
    }
  })

  it('ends it while it is still opening', async () => {
    await using demo = new RunningDemo(environment)
    await once(demo.process.stdout ?? demo.process, 'data')

    const { code } = await demo.end(signal)

    expect(code).toBe(0)
    expect(demo.output).not.toContain('Deckle is open')
    expect(ownLeftovers()).toEqual([])
  })
})

describe('apps', () => {
  it('end with a demo that was killed', async () => {
    await using demo = new RunningDemo(environment)
    const at = await demo.opened()
    const children = demo.childIds()

    await demo.end('SIGKILL')

    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([])
    expect(await isListening(at.Contact ?? '')).toBe(false)
    for (const name of ownLeftovers()) rmSync(join(folder, name), { recursive: true })
  })

  it.runIf(hasProcessTable)('that crash end the demo, which says which', async () => {
    await using demo = new RunningDemo(environment)
    await demo.opened()
    const [first = 0, ...others] = demo.childIds()

    process.kill(first, 'SIGKILL')
    const { code } = await demo.ended

    expect(code).toBe(1)
    expect(demo.output).toMatch(/The (?:Express|NestJS|Next\.js) app was ended by SIGKILL\./)
    expect(others.filter(isAlive)).toEqual([])
    expect(ownLeftovers()).toEqual([])
  })
})

it.runIf(hasProcessTable)('an app that hangs is not waited for', async () => {
  await using demo = new RunningDemo(environment)
  await demo.opened()
  const children = demo.childIds()

  process.kill(children[0] ?? 0, 'SIGSTOP')
  const { code } = await demo.end('SIGINT')

  expect(code).toBe(0)
  expect(children.filter(isAlive)).toEqual([])
})

it('leaves usual ports that are taken to the program that has them', async () => {
  const holder = createServer()
  const mine = await once(holder.listen(3000, '127.0.0.1'), 'listening').then(
    () => true,
    () => false,
  )
  try {
    await using demo = new RunningDemo(environment, [])
    const { Shop = '' } = await demo.opened()

    expect(Shop).not.toBe('http://127.0.0.1:3000')
    expect((await fetch(Shop)).status).toBe(200)
  } finally {
    if (mine) await once(holder.close(), 'close')
  }
})

describe('with MAILGUN_SMTP_URL', () => {
  it('mail goes there, and pages show a Message-ID and no inbox', async () => {
    await using mailgun = await createMailgunEmulator({ domains: ['shop.example'] })
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, mailgun.ca)
    await using demo = new RunningDemo({
      ...environment,
      MAILGUN_SMTP_URL: mailgun.smtpUrl,
      NODE_EXTRA_CA_CERTS: ca,
    })
    const at = await demo.opened()

    const page = await post(at['Sign up'] ?? '', account)
    const message = await mailgun.waitFor({ to: 'ada@example.com' })

    expect(at.Inbox).toBeUndefined()
    expect(demo.output).toContain('real mail')
    expect(message.from).toBe('Deckle <hello@shop.example>')
    expect(page).toContain(message.submission.messageId?.slice(1, -1))
    expect(page).not.toContain('/#/message-id/')
    expect(page).toContain('Real mail')
  })

  it('that leads nowhere, it is one sentence and no start', async () => {
    await using demo = new RunningDemo({
      ...environment,
      MAILGUN_SMTP_URL: 'mailgun+smtp://ada:s3cret@mars',
    })

    const { code } = await demo.ended

    expect(code).toBe(1)
    expect(demo.output).toMatch(/^[^\n]*us or eu[^\n]*\n$/)
    expect(demo.output).not.toContain('s3cret')
  })

  it('whose login is refused, a page says so with the cure', async () => {
    await using mailgun = await createMailgunEmulator()
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, mailgun.ca)
    await using demo = new RunningDemo({
      ...environment,
      MAILGUN_SMTP_URL: mailgun.smtpUrl.replace(mailgun.credentials.pass, 'wrong-password'),
      NODE_EXTRA_CA_CERTS: ca,
    })
    const at = await demo.opened()

    const page = await post(at['Sign up'] ?? '', account)

    expect(page).toContain('ERR_MAILGUN_AUTH')
    expect(page).toContain('value="ada@example.com"')
    expect(page).not.toContain('wrong-password')
    expect(page).not.toMatch(/at \S+ \(|node_modules/)
  })
})

it('answers an unknown flag in words', async () => {
  await using demo = new RunningDemo(environment, ['--port'])

  const { code } = await demo.ended

  expect(code).toBe(1)
  expect(demo.output).toContain('--port')
})
