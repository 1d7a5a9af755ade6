import { AsyncLocalStorage } from 'node:async_hooks'
import type { SMTPTransportOptions } from 'nodemailer'
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { callbackify } from 'node:util'
import { once } from '../process-wide.ts'
import { droppedListener, type TellDropped } from './dropped-plaintext.ts'
import type { Port } from '../regions.ts'
import type { PortRota } from './port-rota.ts'

/** Where and how to connect. */
export interface Destination {
  readonly host: string
  readonly rota: PortRota
  readonly tls: ConnectionOptions
  /** In milliseconds, for each port. */
  readonly deadline: number
  /** Resolves the host. Default: the system's. */
  readonly lookup?: LookupFunction | undefined
  readonly onDropped?: TellDropped | undefined
}

/** The watch around the running call, and whose it is: a mailer may be called within the send of another. */
interface Watched {
  readonly dialer: Dialer
  readonly watch: DialWatch
}

/**
 * One for all dialers. Node 20 hands every storage that was ever run on to each promise of the process, and has no end
 * to that but `disable`: with one for each mailer, all the program's work grew slower with every mailer made.
 */
const watches = once('dial-watches/v1', () => new AsyncLocalStorage<Watched>())

type GetSocket = NonNullable<SMTPTransportOptions['getSocket']>

/** Called with a socket. Remove `onDial` when the wait is over: a kept connection remembers it for as long as it lives. */
export interface DialWatch {
  onDial?: ((socket: Socket) => void) | undefined
}

/** An address that does not answer costs so much before the next one of the name is tried (RFC 8305 §5 allows up to 2 seconds). */
const addressTimeout = 2000

/**
 * Opens nodemailer's connections: within a deadline, on the first port that answers. It holds the sockets, as an idle
 * one of a pool must not keep the process alive.
 */
export class Dialer {
  readonly #destination: Destination
  readonly #sockets = new Set<Socket>()
  #sending = 0
  #last: Port | undefined

  constructor(destination: Destination) {
    this.#destination = destination
  }

  /** nodemailer's own door for sockets. */
  readonly getSocket: GetSocket = (_options, callback) => {
    const onDial = (socket: Socket): void => {
      const watched = watches.getStore()
      if (watched?.dialer === this) watched.watch.onDial?.(socket)
    }
    callbackify(() => this.#dialAny(onDial))((error, dialed) =>
      error ? callback(error, false) : callback(null, dialed as Parameters<typeof callback>[1]),
    )
  }

  /** The port last connected to or tried. */
  get port(): number | undefined {
    return this.#last?.port
  }

  /** Leaves the port last used alone for a while. Whether another is there. */
  restPort(): boolean {
    return this.#last !== undefined && this.#destination.rota.rest(this.#last)
  }

  /** Says which sockets are opened for what `run` asks for: by a pool, that is later than `run` returns. */
  watch<Result>(watch: DialWatch, run: () => Result): Result {
    return watches.run({ dialer: this, watch }, run)
  }

  /** A send begins: its sockets keep the process alive. */
  begin(): void {
    if (this.#sending++ === 0) for (const socket of this.#sockets) socket.ref()
  }

  /** A send ended. */
  end(): void {
    if (--this.#sending === 0) for (const socket of this.#sockets) socket.unref()
  }

  async #dialAny(onDial: (socket: Socket) => void): Promise<object> {
    let failure: unknown
    for (const port of this.#destination.rota.candidates()) {
      this.#last = port
      try {
        const connection = await this.#dial(port, onDial)
        const { onDropped } = this.#destination
        return {
          connection,
          ...port,
          secured: port.secure,
          ...(onDropped && !port.secure && { logger: droppedListener(onDropped) }),
        }
      } catch (error) {
        failure ??= error
        if (!isUnreachable(error)) break
        this.#destination.rota.rest(port)
      }
    }
    throw failure
  }

  #dial({ port, secure }: Port, onDial: (socket: Socket) => void): Promise<Socket> {
    const { host, tls, deadline, lookup } = this.#destination
    const place = {
      host,
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.min(addressTimeout, Math.ceil(deadline / 3)),
      ...(lookup && { lookup }),
    }
    return new Promise((resolve, reject) => {
      const socket = secure
        ? connectTls({ ...(isIP(host) ? {} : { servername: host }), ...tls, ...place })
        : connectPlain(place)
      this.#hold(socket)
      onDial(socket)
      const timer = setTimeout(
        () => socket.destroy(unreachable('The connection timed out.')),
        deadline,
      )
      const settle = (error?: Error): void => {
        clearTimeout(timer)
        socket
          .off('error', settle)
          .off('close', lose)
          .off('connect', settleOpen)
          .off('secureConnect', settleOpen)
        if (error === undefined) resolve(socket)
        else reject(error)
      }
      const settleOpen = (): void => settle()
      const lose = (): void => settle(unreachable('The connection was closed.'))
      socket
        .on('error', settle)
        .on('close', lose)
        .on(secure ? 'secureConnect' : 'connect', settleOpen)
    })
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** As nodemailer says it of its own connections. */
function unreachable(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT' })
}

/** Whether another port may do: nothing answered. A certificate that is wrong here is wrong there too. */
function isUnreachable(error: unknown): boolean {
  const code: unknown = Reflect.get(Object(error), 'code')
  return (
    typeof code === 'string' &&
    /^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM)$/.test(code)
  )
}
