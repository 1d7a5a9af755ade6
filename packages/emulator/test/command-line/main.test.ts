import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test } from 'vitest'
import { createMailgunEmulator } from '../../src/index.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Command {
  readonly child: ChildProcess
  /** The first line it prints. */
  readonly firstLine: Promise<string>
  readonly end: Promise<{ status: number | null; stdout: string; stderr: string }>
}

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Command {
  return node([main, ...args], environment)
}

function node(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  const { NODE_ENV: _, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    env: { ...inherited, ...environment },
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  started.push(child)
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')))
    })
    child.on('close', () => resolve(''))
  })
  const end = once(child, 'close').then(([status]) => ({
    status: status as number | null,
    stdout,
    stderr,
  }))
  return { child, firstLine, end }
}

const freePorts = ['--port', '0', '--secure-port', '0', '--http-port', '0']

describe('mailgun-emulator', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'starts, takes mail, and ends on %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'mailgun-emulator-'))
      const caFile = join(folder, 'ca.pem')
      const login = ['--domain', 'one.example', '--domain', 'two.example', '--pass', 'secret']
      const { child, firstLine, end } = run([...freePorts, ...login, '--ca', caFile, '--json'])
      const { smtpUrl, httpUrl, caUrl, ...rest } = JSON.parse(await firstLine) as Record<
        string,
        string
      >
      expect(rest).toMatchObject({
        user: 'postmaster@one.example',
        pass: 'secret',
        host: '127.0.0.1',
      })

      const ca = await readFile(caFile, 'utf8')
      expect(await (await fetch(caUrl ?? '')).text()).toBe(ca)
      const transporter = createTransport({ url: smtpUrl ?? '', requireTLS: true, tls: { ca } })
      await transporter.sendMail({ from: 'a@one.example', to: 'b@c.d', subject: 'Hi', text: 'x' })
      transporter.close()
      const list = await (await fetch(`${httpUrl}/emulator/v1/submissions`)).text()
      expect(list).toContain('"subject":"Hi"')

      child.kill(signal)
      expect(await end).toMatchObject({ status: 0, stderr: '' })
      await rm(folder, { recursive: true })
    },
  )

  test('prints the addresses to copy', async () => {
    const { child, firstLine, end } = run([
      ...freePorts,
      '--user',
      'me@mg.example.com',
      '--pass',
      'x',
    ])
    await firstLine
    child.kill('SIGTERM')

    const { stdout } = await end
    expect(stdout).toMatch(
      /^SMTP {3}smtp:\/\/me%40mg\.example\.com:x@127\.0\.0\.1:\d+ .*\nInbox {2}http:\/\/127\.0\.0\.1:\d+\nCA {5}http:\/\/127\.0\.0\.1:\d+\/ca\.pem\n$/,
    )
  })

  test('says what Mailgun says to a sandbox', async () => {
    const { child, firstLine } = run([...freePorts, '--sandbox', 'me@example.com', '--json'])
    const { host, port, user, pass } = JSON.parse(await firstLine) as Record<string, string>
    const transporter = createTransport({
      host,
      port: Number(port),
      auth: { user, pass },
      ignoreTLS: true,
    })
    const mail = { from: 'a@example.com', subject: 'x', text: 'y' }

    expect(user).toMatch(/^postmaster@sandbox0+\.mailgun\.org$/)
    await transporter.sendMail({ ...mail, to: 'me@example.com' })
    await expect(transporter.sendMail({ ...mail, to: 'you@example.com' })).rejects.toThrow(
      /421 .*Sandbox subdomains/,
    )
    transporter.close()
    child.kill('SIGTERM')
  })

  test('keeps mail in a folder from one start to the next', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailgun-emulator-'))
    const args = [...freePorts, '--dir', folder, '--no-login', '--json']
    const first = run(args)
    const { host, port } = JSON.parse(await first.firstLine) as Record<string, string>
    const transporter = createTransport({ host, port: Number(port), ignoreTLS: true })
    await transporter.sendMail({
      from: 'a@mg.example.com',
      to: 'b@c.d',
      subject: 'kept',
      text: 'x',
    })
    transporter.close()
    first.child.kill('SIGTERM')
    await first.end

    const second = run(args)
    const { httpUrl } = JSON.parse(await second.firstLine) as Record<string, string>
    const list = await (await fetch(`${httpUrl}/emulator/v1/submissions`)).text()

    expect(list).toContain('"subject":"kept"')
    second.child.kill('SIGTERM')
    await second.end
    await rm(folder, { recursive: true })
  })

  test.each([
    [['--prot', '2525'], 'There is no flag --prot: see --help.'],
    [['start'], "There is no argument 'start': see --help."],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--port', 'smtp'], '--port takes a port, 0 to 65535.'],
    [['--http-port', '99999'], '--http-port takes a port, 0 to 65535.'],
    [['--diagnostics', 'shout'], '--diagnostics takes record or reject.'],
    [
      ['--host', '0.0.0.0'],
      "--host '0.0.0.0' is not a loopback address. The emulator listens on 127.0.0.1, ::1 or localhost, unless remote clients are allowed.",
    ],
    [
      ['--domain', 'a.example', '--user', 'x@b.example'],
      "--user: the login 'x@b.example' is of none of the domains; add b.example to them.",
    ],
    [['exec'], 'exec takes a command after --: see --help.'],
    [['exec', 'node'], "There is no argument 'node': see --help."],
    [
      ['exec', '--json', '--', 'node'],
      'exec tells its command by variables, not by --ca and --json.',
    ],
    [[...freePorts, '--ca', '/nowhere/ca.pem'], '--ca /nowhere/ca.pem cannot be written: ENOENT.'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { status, stdout, stderr } = await run(args).end

    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toBe(`mailgun-emulator: ${sentence}\n`)
  })

  test('says which flag names a port that is taken', async () => {
    const other = await createMailgunEmulator()
    const { securePort } = other

    const { status, stderr } = await run([...freePorts, '--secure-port', `${securePort}`]).end

    expect(status).toBe(1)
    expect(stderr).toBe(
      `mailgun-emulator: --secure-port ${securePort} is taken: choose another, or 0 for any free one.\n`,
    )
    await other.close()
  })

  test('does not start in production unless forced', async () => {
    const production = { NODE_ENV: 'production' }

    const refused = await run(freePorts, production).end
    expect(refused.status).toBe(1)
    expect(refused.stderr).toMatch(/^mailgun-emulator: NODE_ENV is production.*--force.*\n$/)

    const forced = run([...freePorts, '--force'], production)
    expect(await forced.firstLine).toMatch(/^SMTP/)
  })

  test('tells where other machines reach it, and that the inbox has no login', async () => {
    const command = run([...freePorts, '--host', '0.0.0.0', '--allow-remote', '--name', 'mailgun'])
    await command.firstLine
    command.child.kill('SIGTERM')

    const { stdout } = await command.end
    expect(stdout).toMatch(/^Remote \S+:\d+, inbox http:\/\/\S+:\d+$/m)
    expect(stdout).toMatch(/^Warning: the inbox has no login\./m)
  })

  test.each([
    [
      ['--host', 'no-such-host.invalid', '--allow-remote'],
      /^mailgun-emulator: --host '.*' is not an address of this machine/,
    ],
    [['--name', 'a b'], /^mailgun-emulator: --name: 'a b' is not a host name/],
    [['--keep', 'all'], /^mailgun-emulator: --keep takes a number of messages\./],
  ])('refuses %j in a sentence', async (flags, sentence) => {
    const { status, stderr } = await run([...freePorts, ...flags]).end

    expect(status).toBe(1)
    expect(stderr).toMatch(sentence)
  })

  test('shows its help and version', async () => {
    expect((await run(['--help']).end).stdout).toMatch(/--secure-port 4465/)
    expect((await run(['--version']).end).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

test('a process that starts, sends, waits and closes ends by itself', async () => {
  const script = `
    import { createTransport } from 'nodemailer'
    import { createMailgunEmulator } from '@mailgun-smtp/emulator'
    const emulator = await createMailgunEmulator()
    const stream = await fetch(emulator.httpUrl + '/emulator/v1/stream')
    const transporter = createTransport({ ...emulator.transport, pool: true })
    const mail = { from: 'a@mg.example.com', to: 'b@c.d', subject: 'Hi', text: 'x' }
    const waiting = emulator.waitFor({ subject: 'Hi' })
    await Promise.all([transporter.sendMail(mail), transporter.sendMail(mail)])
    await waiting
    transporter.close()
    await emulator.close()
    await stream.text().catch(() => undefined)
    console.log(process.getActiveResourcesInfo().filter((name) => /Server|Timeout/.test(name)))
  `

  const { end } = node(['--input-type=module', '--eval', script])

  expect(await end).toEqual({ status: 0, stdout: '[]\n', stderr: '' })
})

test('starts without loading nodemailer', async () => {
  const script = `
    import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(
      'export const resolve = (name, context, next) => {' +
      '  if (/nodemailer/.test(name)) throw new Error("loads " + name);' +
      '  return next(name, context) }'))
    const { createMailgunEmulator } = await import('@mailgun-smtp/emulator')
    await (await createMailgunEmulator()).close()
  `

  expect(await node(['--input-type=module', '--eval', script]).end).toMatchObject({
    status: 0,
    stderr: '',
  })
})
