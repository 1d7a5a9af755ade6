import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'

/** Postfix's load generator. */
export const smtpSource = process.env.SMTP_SOURCE

const mostMilliseconds = 60_000

/**
 * Sends `count` messages of `bytes` over so many sessions at once; resolves to the seconds it took.
 *
 * @throws {Error} if the server refuses any.
 */
export async function sendMany({ port, count, bytes, sessions, kept }) {
  const child = spawn(
    smtpSource,
    [
      ...(kept ? ['-d'] : []),
      ...['-s', String(sessions), '-m', String(count), '-l', String(bytes)],
      ...['-f', 'bench@mg.example.com', '-t', 'reader@example.com', `127.0.0.1:${port}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], timeout: mostMilliseconds },
  )
  let said = ''
  child.stderr.on('data', (data) => (said += data))
  const start = performance.now()
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`smtp-source: ${said.trim() || `code ${code}`}`)
  return (performance.now() - start) / 1_000
}
