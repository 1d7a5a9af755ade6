#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { flagOf, help, readCommandLine } from './arguments.ts'
import { createMailgunEmulator, type MailgunEmulator } from '../emulator/emulator.ts'
import { remoteAddresses } from '../emulator/own-names.ts'
import { urlHost } from '../http/server.ts'
import { runExec } from './exec.ts'
import { EmulatorError, type MailgunEmulatorOptions } from '../settings/settings.ts'
import { version } from '../package.ts'

const commandLine = readCommandLine(process.argv.slice(2), process.env)

if ('refuse' in commandLine) {
  fail(commandLine.refuse)
} else if ('show' in commandLine) {
  process.stdout.write(commandLine.show === 'help' ? help : `${version}\n`)
} else {
  try {
    if ('exec' in commandLine) {
      process.exitCode = await runExec(commandLine.exec, commandLine.start)
    } else {
      await serve(commandLine.start, commandLine.json, commandLine.caFile)
    }
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error
    const flag = flagOf[error.option]
    fail(flag === undefined ? error.message : error.message.replace(error.option, flag))
  }
}

async function serve(
  options: MailgunEmulatorOptions,
  json: boolean,
  caFile: string | undefined,
): Promise<void> {
  const emulator = await createMailgunEmulator(options)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.close())
  }
  const refused = caFile === undefined ? undefined : await writeCa(emulator, caFile)
  if (refused === undefined) {
    process.stdout.write(
      json ? asJson(emulator) : asText(emulator, caFile, options.allowRemote === true),
    )
  } else {
    await emulator.close()
    fail(refused)
  }
}

function fail(sentence: string): void {
  process.stderr.write(`mailgun-emulator: ${sentence}\n`)
  process.exitCode = 1
}

/** Returns why it could not. */
async function writeCa(emulator: MailgunEmulator, file: string): Promise<string | undefined> {
  try {
    await writeFile(file, emulator.ca)
    return undefined
  } catch (error) {
    return `--ca ${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'no reason given'}.`
  }
}

function asText(emulator: MailgunEmulator, caFile: string | undefined, isRemote: boolean): string {
  const { smtpUrl, securePort, httpUrl } = emulator
  return `SMTP   ${smtpUrl}  (STARTTLS; implicit TLS on port ${securePort})
Inbox  ${httpUrl}
CA     ${caFile ?? `${httpUrl}/ca.pem`}
${isRemote ? remoteText(emulator) : ''}`
}

/** Where other machines reach it, and what that means. */
function remoteText({ host, port, httpUrl = '' }: MailgunEmulator): string {
  const isEverywhere = host === '127.0.0.1' || host === '::1'
  const [address = host] = isEverywhere ? remoteAddresses() : []
  const shown = urlHost(address)
  const inbox = `http://${shown}:${new URL(httpUrl).port}`
  return `Remote ${shown}:${port}, inbox ${inbox}
Warning: the inbox has no login. Everyone who reaches ${inbox} can read and delete all mail.
`
}

function asJson(emulator: MailgunEmulator): string {
  const { smtpUrl, host, port, securePort, credentials, httpUrl } = emulator
  return `${JSON.stringify({ smtpUrl, host, port, securePort, ...credentials, httpUrl, caUrl: `${httpUrl}/ca.pem` })}\n`
}
