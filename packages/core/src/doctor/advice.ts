import type { PortReport } from './port-examination.ts'
import { hindrances, type FaultPlace, type Hindrance } from './port-faults.ts'
import type { ServerReport } from './server-examination.ts'

/** The ports in the order in which they are advised: least often blocked first, 25 most often. */
const advised = [587, 2525, 465, 25]

/** What the config says, as far as it can be at fault. */
export interface Configured {
  readonly port: number
  /** It, and those to fall back on. */
  readonly ports: readonly number[]
  /** Whether the config names a host. Otherwise it names a region, or neither. */
  readonly namesHost: boolean
}

/** What follows from the examination. */
export interface Judgement {
  /** Whether the configured way works as it is. */
  readonly works: boolean
  /** One sentence. */
  readonly advice: string
}

/** Judges the configured way by what was found on every port. */
export function judge(
  home: ServerReport,
  other: ServerReport | undefined,
  configured: Configured,
): Judgement {
  const first = home.ports.find(({ port }) => port === configured.port)
  // A mailer uses another port only if the first cannot be reached.
  const usable = first?.failed === 'TCP' ? configured.ports : [configured.port]
  const works = home.ports.find((one) => usable.includes(one.port) && takesLogin(one))
  if (works) return { works: true, advice: praise(home, works, configured) }
  return { works: false, advice: whatToChange(home, other, configured) }
}

function praise(home: ServerReport, { port }: PortReport, { port: first }: Configured): string {
  const taken = `port ${port} of ${home.host} takes the login.`
  const hindered = home.ports.filter(isHindered).find((one) => one.port === first)
  return hindered
    ? `Mail is sent, by a fallback: ${hindrances[hindered.fault].because(placeOf(home, hindered))}, and ${taken}`
    : `Nothing needs to change: ${taken}`
}

function whatToChange(
  home: ServerReport,
  other: ServerReport | undefined,
  { port: first, namesHost }: Configured,
): string {
  if (home.addresses.length === 0) {
    return `The name ${home.host} does not resolve: check the host, and that this machine has DNS.`
  }
  const elsewhere = other && best(other, first)
  if (other?.region && elsewhere) {
    const place = namesHost
      ? `host: '${other.host}' (MAILGUN_SMTP_SERVER, or the host of the URL)`
      : `region: '${other.region}' (MAILGUN_SMTP_REGION, or @${other.region} in the URL)`
    const port = elsewhere.port === first ? '' : `, and port: ${elsewhere.port}`
    return `The login belongs to the other region: set ${place}${port}.`
  }
  const cure = refusal(other) ?? refusal(home)
  if (cure !== undefined) return cure
  // No login was accepted or refused, so something else is wrong.
  const failed = home.ports.find(({ port }) => port === first) as HinderedPort
  const { because, cure: change } = hindrances[failed.fault]
  const place = placeOf(home, failed)
  const working = best(home, first)
  return working
    ? `Use port ${working.port}: ${because(place)}.`
    : `${capital(because(place))}: ${change(place)}.`
}

function takesLogin({ passed }: PortReport): boolean {
  return passed.includes('login')
}

function best(server: ServerReport, first: number): PortReport | undefined {
  const order = [first, ...advised]
  return server.ports
    .filter(takesLogin)
    .toSorted((a, b) => order.indexOf(a.port) - order.indexOf(b.port))[0]
}

/** What to do about a refused login. */
function refusal(server: ServerReport | undefined): string | undefined {
  return server?.ports.find(({ cure }) => cure !== undefined)?.cure
}

type HinderedPort = PortReport & { readonly fault: Hindrance }

function isHindered(report: PortReport): report is HinderedPort {
  return report.fault !== undefined && Object.hasOwn(hindrances, report.fault)
}

function placeOf({ host, region }: ServerReport, { port, tls }: PortReport): FaultPlace {
  return { port, host, isMailgun: region !== undefined, certificate: tls?.certificate }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
