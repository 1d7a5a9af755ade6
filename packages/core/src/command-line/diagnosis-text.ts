import { harmless, toned, type Terminal, type Tone } from './terminal.ts'
import type { Diagnosis } from '../doctor/diagnose.ts'
import type { PortReport } from '../doctor/port-examination.ts'
import { hindrances, refusals, type Step } from '../doctor/port-faults.ts'
import type { ServerReport } from '../doctor/server-examination.ts'

/** A cell of the table. */
interface Cell {
  readonly text: string
  readonly tone: Tone
}

const steps: readonly Step[] = ['TCP', 'greeting', 'STARTTLS', 'TLS', 'login']

const faults = { ...hindrances, ...refusals }

/** A diagnosis on one screen. */
export function diagnosisText(diagnosis: Diagnosis, terminal: Pick<Terminal, 'color'>): string {
  const login = diagnosis.domain === undefined ? '…' : `…@${harmless(diagnosis.domain)}`
  const servers = diagnosis.servers.map((server) => `${serverText(server, diagnosis, terminal)}\n`)
  const mark = diagnosis.works ? toned(terminal, 'good', '✓') : toned(terminal, 'bad', '✗')
  return `Login ${login}\n\n${servers.join('\n')}\n${mark} ${toned(terminal, 'strong', diagnosis.advice)}\n`
}

function serverText(
  server: ServerReport,
  { port, servers: [home] }: Diagnosis,
  terminal: Pick<Terminal, 'color'>,
): string {
  const { host, region, addresses } = server
  const title = `${toned(terminal, 'strong', host)}${region ? ` (region ${region})` : ''}`
  if (addresses.length === 0) return `${title}: ${toned(terminal, 'bad', 'does not resolve')}`
  const head = ['port', ...steps].map((text): Cell => ({ text, tone: 'quiet' }))
  const rows = server.ports.map((one) => row(one, server === home && one.port === port))
  return [`${title}: ${someOf(addresses)}`, ...aligned([head, ...rows], terminal)].join('\n')
}

function someOf([first, ...rest]: readonly string[]): string {
  return rest.length > 0 ? `${first} and ${rest.length} more` : `${first}`
}

function row(report: PortReport, isConfigured: boolean): Cell[] {
  const port: Cell = {
    text: `${report.port}${isConfigured ? ' configured' : ''}`,
    tone: isConfigured ? 'strong' : 'quiet',
  }
  return [port, ...steps.map((step) => cell(report, step))]
}

function cell(report: PortReport, step: Step): Cell {
  if (report.failed === step && report.fault) {
    const { says } = faults[report.fault]
    const reply = report.reply ? ` (${report.reply.code} ${harmless(report.reply.text)})` : ''
    return { text: `${says}${reply.slice(0, 80)}`, tone: 'bad' }
  }
  if (report.passed.includes(step)) return { text: finding(report, step), tone: 'good' }
  const isSkipped = step === 'login' && report.failed === undefined
  return { text: isSkipped ? 'not tried' : '', tone: 'quiet' }
}

function finding({ tls }: PortReport, step: Step): string {
  if (step === 'TLS' && tls) return `${tls.version}, certificate until ${tls.certificate.until}`
  const words = { TCP: 'open', greeting: 'yes', STARTTLS: 'offered', TLS: 'yes', login: 'taken' }
  return words[step]
}

function aligned(rows: readonly (readonly Cell[])[], terminal: Pick<Terminal, 'color'>): string[] {
  const widths = ['', ...steps].map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.text.length ?? 0)),
  )
  return rows.map((cells) =>
    cells
      .map(({ text, tone }, column) => ({ tone, padded: text.padEnd(widths[column] ?? 0) }))
      .reduce((line, { tone, padded }) => `${line}  ${toned(terminal, tone, padded)}`, '')
      .trimEnd(),
  )
}
