import {
  resolveConfig,
  resolvePorts,
  type DeliverySettings,
  type MailgunConfig,
} from '../config/config.ts'
import { completeConfig } from '../config/complete-config.ts'
import { regions } from '../regions.ts'
import { judge, type Judgement } from './advice.ts'
import { examineServer, type Route, type ServerReport } from './server-examination.ts'

/** How to examine. */
export interface DiagnoseSettings {
  /** How long each step may take, in milliseconds. Default 10 seconds. */
  readonly timeout?: number | undefined
  /** Ends the examination; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /**
   * Connects to another address instead of the server's, such as a tunnel or a forwarded port, as curl's `--connect-to`
   * does. The certificate must still be the server's.
   */
  readonly connectTo?:
    | ((host: string, port: number) => { readonly host: string; readonly port: number })
    | undefined
}

/** What works, and what to change. It can be written as JSON; no login and no password is in it. */
export interface Diagnosis extends Judgement {
  /** The configured port. */
  readonly port: number
  /** The domain of the login. */
  readonly domain?: string
  /** The configured server, then that of the other region if the login was refused. */
  readonly servers: readonly ServerReport[]
}

/**
 * Finds out whether mail can be sent as configured, and if not, why: connects to every port of the server, logs in on one
 * after the other, and sends nothing. A refused login is tried once more, in the other region only.
 *
 * @param config A config, its URL, or nothing for the environment.
 * @throws {ConfigError} if the config cannot lead to a connection. Nothing is opened then.
 */
export async function diagnose(
  config?: MailgunConfig | DeliverySettings | string,
  settings: DiagnoseSettings = {},
): Promise<Diagnosis> {
  const given = completeConfig(config)
  const { host, ignoreTLS, tls, name, port } = resolveConfig(given)
  const ports = resolvePorts(given)
  const route: Route = {
    port,
    ports,
    tls: ignoreTLS ? undefined : tls,
    name,
    auth: given.auth,
    connectTo: settings.connectTo ?? ((server, port) => ({ host: server, port })),
    limits: { timeout: settings.timeout ?? 10_000, signal: settings.signal },
  }
  const home = await examineServer(host, route, host)
  const other = isRefused(home) && home.region ? regions[home.region].other : undefined
  const away = other && (await examineServer(regions[other].host, route))
  const domain = /@(.+)$/.exec(given.auth.user)?.[1]
  const configured = {
    port,
    ports: ports.map((one) => one.port),
    namesHost: given.host !== undefined,
  }
  return {
    ...judge(home, away, configured),
    port,
    ...(domain === undefined ? {} : { domain }),
    servers: away ? [home, away] : [home],
  }
}

function isRefused({ ports }: ServerReport): boolean {
  return ports.some(({ fault }) => fault === 'login-refused')
}
