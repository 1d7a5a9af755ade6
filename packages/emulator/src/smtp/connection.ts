import type { Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'
import type { CertificateFlaw } from '../certificate/certificate.ts'
import { bounds } from './limits.ts'

/** What a session talks through. */
export interface Connection {
  /** Returns whether the client can still be written to; `failed` hears if it went wrong later. */
  write(bytes: string | Buffer, failed?: () => void): boolean
  /** Turns to TLS after what was written. What the client sent in clear before is gone. */
  startTls(flaw?: CertificateFlaw): void
  /** Reads on, or leaves what the client sends to wait. */
  hold(isHeld: boolean): void
  /** Ends the connection after what was written. */
  end(): void
  /** Resets the connection. */
  drop(): void
  /** `TLSv1.3` and so on; undefined in clear. */
  tlsVersion(): string | undefined
}

/** What happens on a connection. */
export interface ConnectionListener {
  receive(chunk: Buffer): void
  /** The TLS handshake is done. */
  secured(): void
  /** It is over; `reason` is the code of an error, such as ECONNRESET. */
  closed(reason: string | undefined): void
}

/** A socket, in clear or in TLS. */
export class SocketConnection implements Connection {
  readonly #plain: Socket
  readonly #secureContext: (flaw: CertificateFlaw | undefined) => SecureContext
  #socket: Socket
  #listener: ConnectionListener | undefined
  #isHeld = false
  #isFull = false
  #reason: string | undefined

  constructor(plain: Socket, secureContext: (flaw: CertificateFlaw | undefined) => SecureContext) {
    this.#plain = plain
    this.#socket = plain
    this.#secureContext = secureContext
  }

  listen(listener: ConnectionListener): void {
    this.#listener = listener
    this.#attach(this.#socket)
    this.#plain.once('close', () => listener.closed(this.#reason))
  }

  write(bytes: string | Buffer, failed?: () => void): boolean {
    const socket = this.#socket
    if (!socket.writable) return false
    const wentOut = failed
      ? socket.write(bytes, (error) => void (error && failed()))
      : socket.write(bytes)
    if (!wentOut && !this.#isFull) {
      // A client that talks and does not listen must not fill the memory.
      this.#isFull = true
      this.#flow()
      socket.once('drain', () => {
        this.#isFull = false
        this.#flow()
      })
    }
    return true
  }

  startTls(flaw?: CertificateFlaw): void {
    this.#socket.off('data', this.#receive)
    // What the socket still holds is read by TLS: it must not flow into nowhere.
    this.#isFull = false
    this.#isHeld = false
    const secure = new TLSSocket(this.#plain, {
      isServer: true,
      secureContext: this.#secureContext(flaw),
    })
    this.#socket = secure
    this.#attach(secure)
    secure.once('secure', () => this.#listener?.secured())
    this.#flow()
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    this.#flow()
  }

  end(): void {
    this.#socket.end()
    const timer = setTimeout(() => this.#plain.destroy(), bounds.lingerMilliseconds).unref()
    this.#plain.once('close', () => clearTimeout(timer))
  }

  drop(): void {
    this.#plain.resetAndDestroy()
  }

  tlsVersion(): string | undefined {
    return this.#socket instanceof TLSSocket ? (this.#socket.getProtocol() ?? undefined) : undefined
  }

  readonly #receive = (chunk: Buffer): void => this.#listener?.receive(chunk)

  #attach(socket: Socket): void {
    socket.on('data', this.#receive)
    // A client may vanish at any point of a conversation; that is not the server's fault.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason ??= error.code
      socket.destroy()
    })
  }

  #flow(): void {
    if (this.#isHeld || this.#isFull) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }
}
