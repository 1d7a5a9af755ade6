import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailgunEmulator, type MailgunEmulator } from '../emulator/emulator.ts'
import type { MailgunEmulatorOptions } from '../settings/settings.ts'

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a command beside an emulator of its own, which its variables tell it of; returns the command's exit status.
 *
 * A command that a signal ended has the status of a shell, 128 and the signal's number; one that cannot be run has
 * 127 (not found) or 126.
 *
 * @throws {EmulatorError} if the emulator cannot start; nothing was run then.
 */
export async function runExec(
  command: readonly string[],
  options: MailgunEmulatorOptions,
): Promise<number> {
  const emulator = await createMailgunEmulator(options)
  let child: ChildProcess | undefined
  let folder: string | undefined
  const passOn = (signal: NodeJS.Signals): void => {
    // What is typed at a terminal reaches the command anyway: twice would mean "at once" to many.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child?.kill(signal)
  }
  for (const signal of passedOn) process.on(signal, passOn)
  try {
    // Without a pause from here to the start: a signal finds the command running, and the folder is removed.
    folder = mkdtempSync(join(tmpdir(), 'mailgun-emulator-'))
    const [program = '', ...args] = command
    const env = { ...process.env, ...variables(emulator, folder) }
    child = spawn(program, args, { env, stdio: 'inherit' })
    return await statusOf(child, program)
  } finally {
    for (const signal of passedOn) process.off(signal, passOn)
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    await emulator.close()
  }
}

/** Tells the command where mail goes, and whom to trust besides those it trusts already. */
function variables(emulator: MailgunEmulator, folder: string): NodeJS.ProcessEnv {
  const caFile = join(folder, 'ca.pem')
  const others = certificatesOf(process.env['NODE_EXTRA_CA_CERTS'])
  writeFileSync(caFile, `${others}${emulator.ca}`)
  return {
    MAILGUN_SMTP_URL: emulator.smtpUrl,
    MAILGUN_EMULATOR_URL: emulator.httpUrl,
    NODE_EXTRA_CA_CERTS: caFile,
  }
}

function certificatesOf(file: string | undefined): string {
  if (!file) return ''
  try {
    return `${readFileSync(file, 'utf8').trimEnd()}\n`
  } catch {
    // Node goes on without such a file, too.
    return ''
  }
}

function statusOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // Only what never ran has no number: a signal that could not be sent does not end it.
      if (child.pid !== undefined) return
      const reason = error.code ?? 'no reason given'
      process.stderr.write(`mailgun-emulator: ${program} cannot be run: ${reason}.\n`)
      resolve(error.code === 'ENOENT' ? 127 : 126)
    })
    child.once('exit', (status, signal) => {
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
