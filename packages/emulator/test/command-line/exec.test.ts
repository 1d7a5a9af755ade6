import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
// Where the commands find the packages.
const cwd = fileURLToPath(new URL('..', import.meta.url))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Run {
  readonly child: ChildProcess
  /** Resolves when it has printed so much. */
  said(text: string): Promise<string>
  readonly end: Promise<{ status: number | null; stdout: string; stderr: string }>
}

function exec(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Run {
  const env = { ...process.env, NODE_ENV: 'test', ...environment }
  const child = spawn(process.execPath, [main, 'exec', ...flags, '--', ...command], { env, cwd })
  started.push(child)
  const output = { stdout: '', stderr: '' }
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  return {
    child,
    said: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (output.stdout.includes(text)) resolve(output.stdout)
        }
        child.stdout.on('data', look)
        look()
      }),
    end: new Promise((resolve) => {
      child.once('close', (status) => resolve({ status, ...output }))
    }),
  }
}

function script(code: string): string[] {
  return [process.execPath, '--input-type=module', '--eval', code]
}

const printVariables = script(`
  const { MAILGUN_SMTP_URL, MAILGUN_EMULATOR_URL, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env
  console.log(JSON.stringify({ MAILGUN_SMTP_URL, MAILGUN_EMULATOR_URL, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE }))
`)

async function variablesOf({ end }: Run): Promise<Record<string, string>> {
  return JSON.parse((await end).stdout) as Record<string, string>
}

describe('mailgun-emulator exec', () => {
  test('lets a command send with verified TLS, and see what it sent', async () => {
    const send = script(`
      import { createMailer } from '@mailgun-smtp/core'
      const mailer = createMailer()
      await mailer.send({ from: 'a@mg.example.com', to: 'b@c.d', subject: 'Hi', text: 'x' })
      await mailer.close()
      const wait = await fetch(process.env.MAILGUN_EMULATOR_URL + '/emulator/v1/wait?to=b@c.d')
      console.log((await wait.json()).subject)
    `)

    expect(await exec(send).end).toEqual({ status: 0, stdout: 'Hi\n', stderr: '' })
  })

  test('sets three variables, and leaves the trust of other programs alone', async () => {
    const variables = await variablesOf(exec(printVariables, { MAILGUN_SMTP_URL: 'smtp://old' }))

    expect(variables['MAILGUN_SMTP_URL']).toMatch(
      /^smtp:\/\/postmaster%40mg\.example\.com:[0-9a-f]{24}@127\.0\.0\.1:\d+$/,
    )
    expect(variables['MAILGUN_EMULATOR_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(variables['NODE_EXTRA_CA_CERTS']).toMatch(/ca\.pem$/)
    expect(variables['SSL_CERT_FILE']).toBe(process.env['SSL_CERT_FILE'])
  })

  test('keeps the certificate authority where others cannot read it, and removes it at the end', async () => {
    const run = exec(
      script(`
        import { statSync } from 'node:fs'
        import { dirname } from 'node:path'
        const file = process.env.NODE_EXTRA_CA_CERTS
        console.log(JSON.stringify({ file, mode: (statSync(dirname(file)).mode & 0o777).toString(8) }))
      `),
    )
    const { file = '', mode } = await variablesOf(run)

    expect(mode).toBe(process.platform === 'win32' ? '666' : '700')
    expect(existsSync(dirname(file))).toBe(false)
  })

  test('goes on trusting whom the command trusted before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailgun-exec-'))
    const file = join(folder, 'company.pem')
    await writeFile(file, '# the company')
    const print = script(`
      import { readFileSync } from 'node:fs'
      console.log(readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8'))
    `)

    const { stdout } = await exec(print, { NODE_EXTRA_CA_CERTS: file }).end

    expect(stdout).toMatch(/^# the company\n-----BEGIN CERTIFICATE-----\n/)
    expect(await readFile(file, 'utf8')).toBe('# the company')
    await rm(folder, { recursive: true })
  })

  test('exits with the status of the command', async () => {
    expect((await exec(script('process.exitCode = 7')).end).status).toBe(7)
  })

  test('has the status of a shell for a command that a signal ended', async () => {
    const killed = script("process.kill(process.pid, 'SIGKILL')")

    expect((await exec(killed).end).status).toBe(137)
  })

  test('says in one sentence that a command cannot be run', async () => {
    expect(await exec(['no-such-command']).end).toEqual({
      status: 127,
      stdout: '',
      stderr: 'mailgun-emulator: no-such-command cannot be run: ENOENT.\n',
    })
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on, and lets the command end in its own way',
    async (signal) => {
      const run = exec(
        script(`
          process.on('${signal}', () => { console.log('told'); process.exit(3) })
          setInterval(() => undefined, 1000)
          console.log(process.env.NODE_EXTRA_CA_CERTS + ' is ready')
        `),
      )
      const ready = await run.said('is ready')
      run.child.kill(signal)

      expect(await run.end).toMatchObject({ status: 3, stdout: `${ready}told\n` })
      expect(existsSync(dirname(ready.replace(' is ready\n', '')))).toBe(false)
    },
  )

  test('takes the flags of the emulator before the command', async () => {
    const { MAILGUN_SMTP_URL } = await variablesOf(
      exec(printVariables, {}, ['--domain', 'news.example.com', '--pass', 'secret']),
    )

    expect(MAILGUN_SMTP_URL).toContain('postmaster%40news.example.com:secret@')
  })
})
