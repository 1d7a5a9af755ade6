import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  createSecureContext,
  createServer as createTlsServer,
  TLSSocket,
  type SecureContext,
} from 'node:tls'
import { replies } from './replies.ts'
import { replyLine } from './reply.ts'
import { Session, type Connection, type SessionPolicy } from './session.ts'

const limits = {
  connections: 1_000,
  /** Mailgun closed connections idle for five minutes (said by its support in 2013). */
  idleMilliseconds: 300_000,
  /** How long a client may take to close its side after the server closed its own. */
  lingerMilliseconds: 1_000,
}

/** Mailgun refuses TLS 1.0 and 1.1 since March 2021. */
const minVersion = 'TLSv1.2'

interface ServerCertificate {
  readonly cert: string
  readonly key: string
}

/** The two listeners of Mailgun's SMTP service and all their connections. */
export class SmtpServer {
  readonly #policy: SessionPolicy
  readonly #certificate: ServerCertificate
  readonly #secureContext: SecureContext
  readonly #sockets = new Set<Socket>()
  readonly #servers: Server[] = []

  constructor({ cert, key }: ServerCertificate, policy: SessionPolicy) {
    this.#policy = policy
    this.#certificate = { cert, key }
    this.#secureContext = createSecureContext({ cert, key, minVersion })
  }

  /** Listens with STARTTLS; resolves to the port, of which 0 asks for any free one. */
  listen(host: string, port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      if (this.#track(socket)) this.#converse(socket, 'none')
      else socket.end(replyLine(replies.closing))
    })
    return this.#start(server, host, port)
  }

  /** Listens with TLS from the first byte. */
  listenSecure(host: string, port: number): Promise<number> {
    const server = createTlsServer({ ...this.#certificate, minVersion, noDelay: true })
    server.on('connection', (socket: Socket) => {
      if (!this.#track(socket)) socket.destroy()
    })
    server.on('secureConnection', (socket) => this.#converse(socket, 'implicit'))
    // A client that does not trust the certificate, or speaks no TLS: its own side reports that.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return this.#start(server, host, port)
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    const closed = this.#servers.splice(0).map(async (server) => {
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    })
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closed)
  }

  async #start(server: Server, host: string, port: number): Promise<number> {
    this.#servers.push(server)
    server.listen({ host, port })
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  #track(socket: Socket): boolean {
    // A client may vanish at any point of a conversation; that is no fault of the server.
    socket.on('error', () => socket.destroy())
    if (this.#sockets.size >= limits.connections) return false
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    return true
  }

  #converse(plain: Socket, secure: 'none' | 'implicit'): void {
    let socket = plain
    const connection: Connection = {
      write: (text) => {
        if (!socket.writable || socket.write(text)) return
        // A client that talks and does not listen must not fill the memory.
        socket.pause().once('drain', () => socket.resume())
      },
      startTls: () => {
        socket.off('data', receive)
        socket = new TLSSocket(plain, { isServer: true, secureContext: this.#secureContext })
        listenTo(socket)
      },
      end: () => {
        socket.end()
        setTimeout(() => plain.destroy(), limits.lingerMilliseconds).unref()
      },
      tlsVersion: () =>
        socket instanceof TLSSocket ? (socket.getProtocol() ?? undefined) : undefined,
    }
    const session = new Session(connection, this.#policy, secure)
    function receive(chunk: Buffer): void {
      session.receive(chunk)
    }
    function listenTo(socket: Socket): void {
      socket.on('data', receive)
      socket.on('error', () => socket.destroy())
      socket.setTimeout(limits.idleMilliseconds, () => session.hangUp())
    }
    listenTo(socket)
  }
}
