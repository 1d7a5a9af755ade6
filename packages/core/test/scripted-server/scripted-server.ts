import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import { certificates, key } from './certificates.ts'
import type { MailgunConfig } from '../../src/index.ts'
import { Memory } from './scripted-memory.ts'
import { ScriptedSession, type Stage } from './scripted-session.ts'

/** The login of these tests; no error may show it. */
export const auth: MailgunConfig['auth'] = {
  user: 'canary-login@mg.example.com',
  pass: 'canary-pass-93fe',
}

/** A server on this machine that plays a script of SMTP over real sockets, and remembers what it was told. */
export class ScriptedServer extends Memory implements AsyncDisposable {
  readonly #sockets = new Set<Socket>()
  readonly #server
  readonly #tls: Stage['tls']

  private constructor(stage: Stage) {
    super()
    const accept = (socket: Socket): void => {
      this.sessions += 1
      if (socket instanceof TLSSocket) this.resumed.push(socket.isSessionReused())
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      void new ScriptedSession(stage, this, socket)
    }
    const cert = certificates[stage.certificate ?? 'localhost']
    // Each reply leaves at once, or every send waits for a delayed acknowledgement.
    const noDelay = true
    this.#tls = stage.tls
    this.#server =
      stage.tls === 'implicit'
        ? createTlsServer({ cert, key, noDelay }, accept)
        : createServer({ noDelay }, accept)
  }

  static async open(stage: Stage = {}, port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer(stage)
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves when no client is connected any more. */
  async deserted(): Promise<void> {
    for (const socket of this.#sockets) {
      // A reset ends a connection too.
      await new Promise((resolve) => socket.once('close', resolve))
    }
  }

  /** Ends every connection, after some words, and resolves when the clients know. */
  async endAll(words = ''): Promise<void> {
    for (const socket of this.#sockets) socket.end(words)
    await this.deserted()
  }

  /** A config that leads here, and trusts the certificate. */
  get config(): MailgunConfig {
    const config = { auth, host: '127.0.0.1', port: this.port, secure: this.#tls === 'implicit' }
    return this.#tls === undefined
      ? { ...config, requireTLS: false }
      : { ...config, tls: { ca: certificates.localhost } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
