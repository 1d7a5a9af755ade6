import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A client that sends bytes as told and keeps what comes back, byte for byte. */
export class RawClient {
  #socket: Socket
  #received = ''
  #ended = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  static async connect({ host, port }: { host: string; port: number }): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes)
  }

  /** Resolves when the bytes are handed to the system, so that the next ones come in a chunk of their own. */
  async sendAlone(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()))
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** What came, once it ends with the text or the server hung up. */
  async until(text: string): Promise<string> {
    while (!this.#received.endsWith(text) && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    const received = this.#received
    this.#received = ''
    return received
  }

  /** What came, once it is this many lines or the server hung up. */
  async lines(count: number): Promise<string> {
    while (this.#received.split('\n').length <= count && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return this.until('\n')
  }

  /** What came until the server hung up. */
  async untilEnd(): Promise<string> {
    while (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#received
  }

  async startTls(ca: string): Promise<void> {
    this.#socket.removeAllListeners('data')
    const secure = connectTls({ socket: this.#socket, ca, servername: 'localhost' })
    await once(secure, 'secureConnect')
    this.#socket = secure
    this.#listen(secure)
  }

  close(): void {
    this.#socket.destroy()
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1')
      this.#wake()
    })
    socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
    // A server that hangs up is what some tests are about.
    socket.on('error', () => undefined)
  }
}
