import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { urlOf } from '../fakes/fake-terminal.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const started: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...environment },
  })
  started.push(child)
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => ({
      code: code as number | null,
      signal: signal as string | null,
      stdout,
      stderr,
    }),
  )
  return { child, ended }
}

const addresses = ['--from', 'a@mg.example.com', '--to', 'b@example.net']

describe('the process', () => {
  test('sends what standard input holds, by the login of the environment', async () => {
    await using server = await ScriptedServer.open()
    const { child, ended } = start(['send', ...addresses, '-'], { MAILGUN_SMTP_URL: urlOf(server) })
    child.stdin.end('from standard input')

    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(server.bodies).toEqual([expect.stringContaining('from standard input')])
  })

  test('colours nothing that goes to a pipe', async () => {
    await using server = await ScriptedServer.open()
    const { ended } = start(['doctor', '--url', urlOf(server)])

    const { stdout } = await ended
    expect(stdout).toContain('Nothing needs to change')
    expect(stdout).not.toContain('\u001b')
  })

  test('complains on standard error, by its name, and ends with 2', async () => {
    expect(await start(['doctor', '--no-such-flag']).ended).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: 'mailgun-smtp: There is no flag --no-such-flag: see mailgun-smtp doctor --help.\n',
    })
  })
})

// Windows ends a process at once, and tells it nothing.
describe.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  '%s',
  (signal) => {
    test('ends doctor as a signal does, without a word', async () => {
      await using server = await ScriptedServer.open({ script: { auth: { silence: true } } })
      const { child, ended } = start(['doctor', '--url', urlOf(server)])
      await server.heard(/^AUTH/)
      child.kill(signal)

      expect(await ended).toEqual({ code: null, signal, stdout: '', stderr: '' })
    })

    test('ends send by printing the outcome of the mail', async () => {
      await using server = await ScriptedServer.open({ script: { dot: { silence: true } } })
      const { child, ended } = start(['send', ...addresses, '--url', urlOf(server), '--json'])
      await server.heard(/^\.$/)
      child.kill(signal)

      const { stdout, ...end } = await ended
      expect(end).toEqual({ code: null, signal, stderr: '' })
      expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unknown' })
    })

    test('ends send while it waits for standard input', async () => {
      await using server = await ScriptedServer.open()
      const { child, ended } = start(['send', ...addresses, '--url', urlOf(server), '-'])
      // What it complains of shows that it is past its start, and reads.
      child.stdin.write('x')
      child.kill(signal)

      expect(await ended).toMatchObject({ code: null, signal, stdout: '' })
      expect(server.sessions).toBe(0)
    })
  },
)
