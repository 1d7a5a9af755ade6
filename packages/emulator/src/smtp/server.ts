import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { CertificateFlaw, ServerCertificate } from '../certificate/certificate.ts'
import { ByteBudget } from './byte-budget.ts'
import { SocketConnection } from './connection.ts'
import { bounds } from './limits.ts'
import type { SessionPolicy } from './policy.ts'
import { replies } from './replies.ts'
import { replyLine } from './reply.ts'
import type { ServerContext } from './server-context.ts'
import { Session } from './session.ts'

/** Mailgun refuses TLS 1.0 and 1.1 since March 2021. */
const minVersion = 'TLSv1.2'

/** The two listeners of Mailgun's SMTP service and all their connections. */
export class SmtpServer {
  readonly #context: ServerContext
  readonly #certificate: ServerCertificate
  readonly #secureContexts = new Map<CertificateFlaw | undefined, SecureContext>()
  readonly #sockets = new Set<Socket>()
  readonly #servers: Server[] = []
  #connections = 0

  constructor(
    certificate: ServerCertificate,
    policy: SessionPolicy,
    resources: Omit<ServerContext, 'policy' | 'budget'>,
  ) {
    this.#certificate = certificate
    this.#context = { ...resources, policy, budget: new ByteBudget(bounds.bytesInFlight) }
    this.#secureContext(undefined)
  }

  /** Listens with STARTTLS; resolves to the port, of which 0 asks for any free one. */
  listen(host: string, port: number): Promise<number> {
    return this.#start('starttls', host, port)
  }

  /** Listens with TLS from the first byte. */
  listenSecure(host: string, port: number): Promise<number> {
    return this.#start('implicit', host, port)
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    const closed = this.#servers.splice(0).map(async (server) => {
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    })
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closed)
  }

  async #start(kind: 'starttls' | 'implicit', host: string, port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#take(socket, kind))
    this.#servers.push(server)
    server.listen({ host, port })
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  #take(socket: Socket, kind: 'starttls' | 'implicit'): void {
    if (this.#sockets.size >= this.#context.limits.connections) return turnAway(socket, kind)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    const connection = new SocketConnection(socket, (flaw) => this.#secureContext(flaw))
    const session = new Session(connection, kind, this.#context, ++this.#connections)
    connection.listen(session)
    session.start()
  }

  #secureContext(flaw: CertificateFlaw | undefined): SecureContext {
    const known = this.#secureContexts.get(flaw)
    if (known) return known
    const { cert, key } = flaw ? this.#certificate.flawed(flaw) : this.#certificate
    const context = createSecureContext({ cert, key, minVersion })
    this.#secureContexts.set(flaw, context)
    return context
  }
}

function turnAway(socket: Socket, kind: 'starttls' | 'implicit'): void {
  socket.on('error', () => socket.destroy())
  // In clear it would be noise to a client that waits for TLS.
  if (kind === 'implicit') return void socket.destroy()
  socket.end(replyLine(replies.closing))
  setTimeout(() => socket.destroy(), bounds.lingerMilliseconds).unref()
}
