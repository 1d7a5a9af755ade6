import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { MailgunConfig } from '@mailgun-smtp/core'
import { diagnose, type Diagnosis } from '@mailgun-smtp/core/doctor'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../free-port.ts'
import { root } from '../workspace.ts'

const login = { user: 'postmaster@mg.example.com', pass: 'canary-pass' }

/** Mailgun's region that knows the login, and the one that does not. */
const regions = {
  us: await createMailgunEmulator({ credentials: [login], httpPort: false }),
  eu: await createMailgunEmulator({ domains: ['other.example.com'], httpPort: false }),
}

/** A port where nobody listens. */
const closedPort = await freePort()

const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-doctor-'))
const caFile = join(folder, 'ca.pem')
writeFileSync(caFile, regions.us.ca)

beforeEach(() => {
  for (const emulator of Object.values(regions)) emulator.reset()
})
afterAll(async () => {
  await Promise.all(Object.values(regions).map((emulator) => emulator.close()))
  rmSync(folder, { recursive: true })
})

/** Diagnoses as if the emulators were Mailgun's servers, on all of their ports but the blocked ones. */
function diagnoseMailgun(
  config: Partial<MailgunConfig> = {},
  blocked: readonly number[] = [],
): Promise<Diagnosis> {
  // The certificates of the emulators are for this machine, each of its own authority.
  const ca = Object.values(regions).map((emulator) => emulator.ca)
  return diagnose(
    { auth: login, region: 'us', tls: { ca, servername: 'localhost' }, ...config },
    {
      connectTo: (host, port) => {
        const emulator = regions[host === 'smtp.eu.mailgun.org' ? 'eu' : 'us']
        return {
          host: emulator.host,
          port: blocked.includes(port) ? closedPort : open(emulator, port),
        }
      },
    },
  )
}

function open({ port, securePort = port }: MailgunEmulator, mailgunPort: number): number {
  return mailgunPort === 465 ? securePort : port
}

function linesOf({ sessions }: MailgunEmulator): string[] {
  return sessions.flatMap(({ lines }) => lines.map(({ text: line }) => line))
}

function refusals(emulator: MailgunEmulator): number {
  return linesOf(emulator).filter((line) => line.startsWith('535')).length
}

/** What came of each port of the configured server. */
function faults({ servers }: Diagnosis): Record<number, string> {
  return Object.fromEntries(
    servers[0]?.ports.map(({ port, fault = 'none' }) => [port, fault]) ?? [],
  )
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const diagnosis = await diagnoseMailgun()

    expect(diagnosis).toMatchObject({
      works: true,
      advice: 'Nothing needs to change: port 587 of smtp.mailgun.org takes the login.',
    })
    expect(faults(diagnosis)).toEqual({ 25: 'none', 465: 'none', 587: 'none', 2525: 'none' })
    expect(regions.us.ledger.count()).toBe(0)
  })

  it('says where to look when the password is wrong, after one login in each region', async () => {
    const { works, advice } = await diagnoseMailgun({ auth: { ...login, pass: 'wrong' } })

    expect(works).toBe(false)
    expect(advice).toBe(
      'Check, in this order: login and password are an SMTP login of the domain, not an API key; the IP allow-list of the account.',
    )
    expect([refusals(regions.us), refusals(regions.eu)]).toEqual([1, 1])
  })

  it('names the region when the login belongs to the other', async () => {
    const { works, advice } = await diagnoseMailgun({ region: 'eu' })

    expect(works).toBe(false)
    expect(advice).toBe(
      "The login belongs to the other region: set region: 'us' (MAILGUN_SMTP_REGION, or @us in the URL).",
    )
    expect(refusals(regions.eu)).toBe(1)
  })

  it('names a port that is open when the configured one is blocked', async () => {
    const diagnosis = await diagnoseMailgun({}, [25, 587])

    expect(diagnosis).toMatchObject({
      works: false,
      advice: 'Use port 2525: port 587 is blocked from here.',
    })
    expect(faults(diagnosis)).toEqual({ 25: 'closed', 465: 'none', 587: 'closed', 2525: 'none' })
  })

  it('names a fallback that helps already', async () => {
    expect(await diagnoseMailgun({ fallbackPorts: [2525] }, [587])).toMatchObject({
      works: true,
      advice:
        'Mail is sent, by a fallback: port 587 is blocked from here, and port 2525 of smtp.mailgun.org takes the login.',
    })
  })

  it('names the port without STARTTLS when a device in between removes it', async () => {
    regions.us.faults.always({ at: 'tls', starttls: 'absent' })
    const diagnosis = await diagnoseMailgun()

    expect(diagnosis).toMatchObject({
      works: false,
      advice: 'Use port 465: STARTTLS is stripped on the way to port 587.',
    })
    expect(faults(diagnosis)).toMatchObject({ 465: 'none', 587: 'starttls-absent' })
  })

  it('says when the certificate expired, and gives it no login', async () => {
    regions.us.faults.always({ at: 'tls', certificate: 'expired' })
    const { works, advice, servers } = await diagnoseMailgun()

    expect(works).toBe(false)
    expect(advice).toBe(
      `The certificate expired on ${servers[0]?.ports[0]?.tls?.certificate.until}: have it renewed, or set the clock of this machine if that is wrong.`,
    )
    expect(regions.us.sessions.length).toBeGreaterThan(3)
    expect(linesOf(regions.us).filter((line) => line.startsWith('AUTH'))).toEqual([])
  })
})

describe('mailgun-smtp', () => {
  it('sends to the emulator what Mailgun would drop, with options', async () => {
    const addresses = ['--from', 'a@mg.example.com', '--to', 'b@example.com']
    const { status, stdout, stderr } = await command([
      'send',
      ...addresses,
      '--option',
      'tags=first',
    ])

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('accepted 250 Great success')
    const { submission } = await regions.us.waitFor({ to: 'b@example.com', state: 'dropped' })
    expect(submission.options).toEqual({ tags: ['first'], dropMessage: true })
  })

  it('diagnoses the emulator by the environment', async () => {
    const { status, stdout, stderr } = await command(['doctor'])

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('Login …@mg.example.com')
    expect(stdout).not.toContain(login.pass)
  })

  it.each(['doctor', 'send'])('has in its guide the exit codes of %s', async (name) => {
    const { stdout } = await command([name, '--help'])
    const codes = Array.from(
      stdout.slice(stdout.indexOf('Exit codes')).matchAll(/^ {2}(\d+) +(.+)$/gm),
      ([, code = '', means = '']) => `${code} ${means}`,
    )
    const guide = readFileSync(`${root}docs/guides/command-line.md`, 'utf8')
    const section = guide.split(/^## /m).find((part) => part.startsWith(`\`${name}\``)) ?? ''
    const rows = Array.from(
      section.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm),
      ([, code = '', means = '']) => `${code} ${means}`,
    )

    expect(codes.length).toBeGreaterThan(2)
    expect(rows).toEqual(codes)
  })
})

const main = fileURLToPath(import.meta.resolve('@mailgun-smtp/core/package.json')).replace(
  /package\.json$/,
  'dist/main.js',
)

/** Runs the command with the login of an emulator, and trust in its authority, in the environment. */
async function command(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, MAILGUN_SMTP_URL: regions.us.smtpUrl, NODE_EXTRA_CA_CERTS: caFile },
  })
  const [, stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { status: child.exitCode, stdout, stderr }
}
