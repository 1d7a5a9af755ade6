import type { Port } from '../regions.ts'
import { Capabilities } from './capabilities.ts'
import type { AttemptLog } from './attempt-log.ts'
import { dial } from './dialer.ts'
import type { Halt } from './halt.ts'
import { logIn } from './login.ts'
import type { PortFallback } from './port-fallback.ts'
import { demand, SessionError } from './session-error.ts'
import type { Credentials, SessionSettings } from './settings.ts'
import { encrypted, type TlsClient } from './tls.ts'
import { Wire } from './wire.ts'

/** What connections to one server share. */
export interface Destination {
  readonly settings: SessionSettings
  readonly ports: PortFallback
  readonly tls: TlsClient
}

/** What one attempt opens a connection with. */
export interface Opening {
  readonly log: AttemptLog
  readonly halt: Halt
  /** Whether a port that has just failed is not dialled again. */
  readonly usesMemory: boolean
  /** Default: the destination's. */
  readonly credentials?: Credentials | undefined
  readonly onLoggedIn?: (() => void) | undefined
}

/** An open, encrypted, logged-in connection. */
export class Connection {
  readonly wire: Wire
  readonly capabilities: Capabilities
  readonly port: number
  /** How many messages were begun on it. */
  messages = 0
  /** Whether the server still holds an envelope that was not sent. */
  hasOpenEnvelope = false

  constructor(wire: Wire, capabilities: Capabilities, port: number) {
    this.wire = wire
    this.capabilities = capabilities
    this.port = port
  }

  /**
   * Connects to the first port that answers, encrypts and logs in.
   *
   * @throws {Refusal | SessionError} what the last port ended with.
   */
  static async open(destination: Destination, opening: Opening): Promise<Connection> {
    const { ports } = destination
    let failure: unknown
    for (const port of ports.candidates()) {
      const { log, halt, usesMemory } = opening
      const remembered = usesMemory ? ports.remembered(port) : undefined
      if (remembered) {
        failure = remembered
        continue
      }
      const began = performance.now()
      try {
        return await openAt(port, destination, opening)
      } catch (error) {
        halt.check()
        failure = error
        if (!(error instanceof SessionError && mayTakeAnother(log, error))) throw error
        ports.rest(port, asRemembered(error), isSilent(error) ? performance.now() - began : 0)
      }
    }
    throw failure
  }

  /** Says goodbye and leaves, without waiting for the server. */
  quit(): void {
    const { socket } = this.wire
    if (this.wire.error) return
    socket.on('error', () => undefined)
    socket.unref()
    this.wire.surrender()
    socket.resume().end('QUIT\r\n')
    socket.setTimeout(patience, () => socket.destroy())
  }
}

/** How long a server may take to close its side, in milliseconds. */
const patience = 1000

async function openAt(
  port: Port,
  { settings, ports, tls }: Destination,
  { log, halt, credentials, onLoggedIn }: Opening,
): Promise<Connection> {
  log.stage = 'connect'
  log.port = port.port
  const wire = new Wire(await dial(settings, port, tls, halt))
  const forget = halt.onStop((error) => wire.fail(error))
  try {
    log.stage = 'greeting'
    await greeted(wire, settings.deadlines.greeting)
    ports.reached(port)
    let capabilities = await greet(wire, settings, log)
    if (!port.secure && settings.isTlsDemanded) {
      log.stage = 'starttls'
      if (!capabilities.has('STARTTLS')) throw new SessionError('tls-not-offered')
      await startTls(wire, tls, halt)
      // What was offered in clear may have come from anyone (RFC 3207 §4.2).
      capabilities = await greet(wire, settings, log)
    }
    log.stage = 'auth'
    await logIn(wire, capabilities, credentials ?? settings.credentials)
    onLoggedIn?.()
    return new Connection(wire, capabilities, port.port)
  } catch (error) {
    wire.fail(new SessionError('lost'))
    throw error
  } finally {
    forget()
  }
}

async function greeted(wire: Wire, deadline: number): Promise<void> {
  const timer = setTimeout(
    () => wire.fail(new SessionError('unreachable', { code: 'ETIMEDOUT' })),
    deadline,
  )
  try {
    wire.expect(1)
    demand(await wire.reply(), 220)
  } finally {
    clearTimeout(timer)
  }
}

async function greet(
  wire: Wire,
  { name }: SessionSettings,
  log: AttemptLog,
): Promise<Capabilities> {
  log.stage = 'ehlo'
  wire.ask(`EHLO ${name}\r\n`, 1)
  return new Capabilities(demand(await wire.reply(), 250))
}

async function startTls(wire: Wire, tls: TlsClient, halt: Halt): Promise<void> {
  wire.ask('STARTTLS\r\n', 1)
  demand(await wire.reply(), 220)
  if (!wire.isQuiet) throw new SessionError('tls-injected')
  const socket = tls.connect({ socket: wire.surrender() })
  await encrypted(socket, halt)
  wire.adopt(socket)
}

/** Whether another port may do: nothing answered, or the connection was lost before the login. */
function mayTakeAnother({ stage }: AttemptLog, { failure }: SessionError): boolean {
  return (
    stage !== 'auth' &&
    ['unreachable', 'lost', 'tls-lost', 'malformed', 'unasked'].includes(failure.reason)
  )
}

/** Whether nothing came back. A port that refuses or hangs up does so at once, and costs nothing to try again. */
function isSilent({ failure }: SessionError): boolean {
  return failure.reason === 'unreachable' && failure.code !== 'ECONNREFUSED'
}

function asRemembered({ failure }: SessionError): SessionError {
  const { reason, ...details } = failure
  return new SessionError(reason, { ...details, isRemembered: true })
}
