import { diagnose, type DiagnoseSettings } from '../doctor/diagnose.ts'
import { diagnosisText } from './diagnosis-text.ts'
import { doctorExits } from './exit-codes.ts'
import { readFlags, UsageError } from './flags.ts'
import { doctorHelp } from './help.ts'
import { readLoginConfig } from './login-config.ts'
import type { Terminal } from './terminal.ts'

const flags = {
  url: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** Says what works of the configured way, and what to change. Returns the exit code. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, hasDash } = readFlags('doctor', args, flags)
  if (values.help) {
    terminal.print(doctorHelp)
    return doctorExits.works.code
  }
  if (hasDash) throw new UsageError('doctor reads nothing from standard input: leave the - out.')
  const settings: DiagnoseSettings = {
    timeout: readSeconds(values.timeout),
    signal: terminal.signal,
  }
  const diagnosis = await diagnose(readLoginConfig(values.url, terminal), settings)
  terminal.print(
    values.json ? `${JSON.stringify(diagnosis)}\n` : diagnosisText(diagnosis, terminal),
  )
  return (diagnosis.works ? doctorExits.works : doctorExits.change).code
}

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d{1,3}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0
  if (seconds <= 0) throw new UsageError('--timeout takes seconds, such as 10 or 2.5.')
  return seconds * 1000
}
