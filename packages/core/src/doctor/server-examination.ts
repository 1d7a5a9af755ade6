import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { hostname } from 'node:os'
import type { ConnectionOptions } from 'node:tls'
import { ports as mailgunPorts, regions, type Port, type Region } from '../regions.ts'
import { within, type Limits } from './limits.ts'
import { PortExamination, type PortReport } from './port-examination.ts'

/** What was found on one server. */
export interface ServerReport {
  readonly host: string
  /** Nothing, if it is not Mailgun's. */
  readonly region?: Region
  /** What its name resolves to; empty, if it does not. */
  readonly addresses: readonly string[]
  /** Empty, if the name does not resolve. */
  readonly ports: readonly PortReport[]
}

/** How servers are reached. */
export interface Route {
  /** The configured port. */
  readonly port: number
  /** It, then those to fall back on. */
  readonly ports: readonly Port[]
  /** Nothing, if the config asks for plaintext. */
  readonly tls: ConnectionOptions | undefined
  readonly name: string | undefined
  readonly auth: { readonly user: string; readonly pass: string }
  readonly connectTo: (
    host: string,
    port: number,
  ) => { readonly host: string; readonly port: number }
  readonly limits: Limits
}

/**
 * Examines a server: all ports at once, then the logins one after another, the configured port's first. A refused login
 * is the last, as many in a row look like an attack.
 *
 * @param loginHost The host that the advice about a refused login names: it may be in the wrong region.
 */
export async function examineServer(
  host: string,
  route: Route,
  loginHost?: string,
): Promise<ServerReport> {
  const { tls, auth, connectTo, limits } = route
  const region = regionOf(host)
  const addresses = await resolve(connectTo(host, route.port).host, limits)
  const named = { host, ...(region ? { region } : {}), addresses }
  if (addresses.length === 0) return { ...named, ports: [] }
  const name = route.name ?? ownName()
  const login = { host: loginHost, ...auth }
  const examinations = portsOf(route, region).map(
    ({ port, secure }) =>
      new PortExamination({
        port,
        secure,
        host,
        tls,
        name,
        login,
        limits,
        place: connectTo(host, port),
      }),
  )
  try {
    await Promise.all(examinations.map((one) => one.open()))
    for (const one of examinations) {
      if (one.isOpen) await one.logIn()
      if (one.report().cure !== undefined) break
    }
  } finally {
    await Promise.all(examinations.map((one) => one.close()))
  }
  return { ...named, ports: examinations.map((one) => one.report()) }
}

function regionOf(host: string): Region | undefined {
  return (Object.keys(regions) as Region[]).find((region) => regions[region].host === host)
}

/** The configured port first; of a server of Mailgun's all the others too. */
function portsOf({ ports }: Route, region: Region | undefined): readonly Port[] {
  const known = Object.entries(mailgunPorts).map(([port, { secure }]) => ({
    port: Number(port),
    secure,
  }))
  const all = [...ports, ...(region ? known : [])]
  return all.filter(({ port }, at) => all.findIndex((one) => one.port === port) === at)
}

async function resolve(host: string, limits: Limits): Promise<string[]> {
  try {
    const found = await within(limits, (signal) =>
      Promise.race([lookup(host, { all: true }), end(signal)]),
    )
    return found.map(({ address }) => address)
  } catch {
    limits.signal?.throwIfAborted()
    return []
  }
}

/** A lookup knows no signal. */
async function end(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort')
  throw signal.reason
}

/** As nodemailer greets: a name without a dot is not a domain (RFC 5321 §4.1.3). */
function ownName(): string {
  return hostname().includes('.') ? hostname() : '[127.0.0.1]'
}
