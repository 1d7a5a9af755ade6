import type { MailgunConfig } from '@mailgun-smtp/core'
import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { certificate } from '../faults/table/certificate.ts'

/** What becomes of the server's words after so many bytes of them, counted over a whole session, TLS taken off. */
export interface Cut {
  readonly after: number
  /** The connection is reset; is closed; or the rest comes in a packet of its own. */
  readonly how: 'drop' | 'end' | 'split'
  /** Which connections, the first being 1. Default: every one. */
  readonly connections?: readonly number[]
}

/** Stands between a mailer and the emulator, holds both ends of their TLS, and cuts the server's words at a byte. */
export class Relay implements AsyncDisposable {
  /** All that the server said, session by session. */
  readonly said: string[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #emulator: MailgunEmulator
  readonly #cut: Cut | undefined

  private constructor(emulator: MailgunEmulator, cut: Cut | undefined) {
    this.#emulator = emulator
    this.#cut = cut
    this.#server = createServer({ noDelay: true }, (socket) => this.#join(socket))
  }

  static async open(emulator: MailgunEmulator, cut?: Cut): Promise<Relay> {
    const relay = new Relay(emulator, cut)
    relay.#server.listen(0, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  /** A config that leads through here. */
  get config(): MailgunConfig {
    const { port } = this.#server.address() as AddressInfo
    return { ...this.#emulator.transport, port, tls: { ca: certificate.cert } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket): void {
    const number = this.said.push('')
    const { host, port, ca } = this.#emulator
    const server = connect({ host, port, noDelay: true })
    const cut = this.#cut?.connections?.includes(number) === false ? undefined : this.#cut
    const session = new Session(this.#hold(client), this.#hold(server), ca, cut)
    session.onWords = (words) => (this.said[number - 1] += words)
  }

  #hold(socket: Socket): Socket {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }
}

class Session {
  onWords: (words: string) => void = () => undefined
  readonly #plainClient: Socket
  readonly #plainServer: Socket
  readonly #ca: string
  readonly #cut: Cut | undefined
  #client: Socket
  #server: Socket
  #bytes = 0
  #turnsToTls = false

  constructor(client: Socket, server: Socket, ca: string, cut: Cut | undefined) {
    this.#plainClient = this.#client = client
    this.#plainServer = this.#server = server
    this.#ca = ca
    this.#cut = cut
    this.#listen()
    client.once('close', () => server.destroy())
    server.once('close', () => this.#client.end())
  }

  #listen(): void {
    for (const socket of [this.#client, this.#server]) socket.on('error', () => socket.destroy())
    this.#client.on('data', (chunk: Buffer) => {
      this.#turnsToTls = /^STARTTLS\r\n$/i.test(chunk.toString('latin1'))
      this.#server.write(chunk)
    })
    this.#server.on('data', (chunk: Buffer) => this.#relay(chunk))
  }

  #relay(chunk: Buffer): void {
    const at = (this.#cut?.after ?? Infinity) - this.#bytes
    this.#bytes += chunk.length
    this.onWords(chunk.toString('latin1'))
    const isCut = at >= 0 && at < chunk.length
    if (isCut && this.#cut?.how !== 'split') {
      this.#client.write(chunk.subarray(0, at), () => this.#break())
      return
    }
    if (!isCut) return this.#say(chunk)
    if (at > 0) this.#client.write(chunk.subarray(0, at))
    setImmediate(() => this.#say(chunk.subarray(at)))
  }

  #say(chunk: Buffer): void {
    this.#client.write(chunk)
    if (this.#turnsToTls && chunk.toString('latin1').includes('\n')) this.#startTls()
  }

  #break(): void {
    this.#plainServer.destroy()
    if (this.#cut?.how === 'drop') this.#plainClient.resetAndDestroy()
    else this.#client.end()
  }

  #startTls(): void {
    this.#turnsToTls = false
    for (const socket of [this.#client, this.#server]) socket.removeAllListeners('data')
    this.#client = new TLSSocket(this.#plainClient, { isServer: true, ...certificate })
    this.#server = connectTls({ socket: this.#plainServer, ca: this.#ca, host: '127.0.0.1' })
    this.#listen()
  }
}
