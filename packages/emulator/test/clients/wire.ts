import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A bare socket that keeps every chunk as it came, and how the connection ended. */
export class Wire {
  #socket: Socket
  #chunks: Buffer[] = []
  #ending: 'end' | 'reset' | undefined
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  /** Resolves as soon as the connection stands, whatever the server does with it then. */
  static async open(server: { host: string; port: number }): Promise<Wire> {
    const socket = connect({ ...server, noDelay: true })
    const wire = new Wire(socket)
    // A reset may come before the connection is reported.
    await once(socket, 'connect').catch(() => undefined)
    return wire
  }

  static async openSecure(server: { host: string; securePort: number; ca: string }): Promise<Wire> {
    const { host, securePort, ca } = server
    const socket = connectTls({ host, port: securePort, ca })
    const wire = new Wire(socket)
    await once(socket, 'secureConnect')
    return wire
  }

  /** `reset` for RST, `end` for FIN, undefined while it stands. */
  get ending(): 'end' | 'reset' | undefined {
    return this.#ending
  }

  get received(): string {
    return Buffer.concat(this.#chunks).toString('latin1')
  }

  /** The sizes of the chunks, in order. */
  get sizes(): readonly number[] {
    return this.#chunks.map(({ length }) => length)
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes)
  }

  /** Forgets what came so far. */
  forget(): void {
    this.#chunks = []
  }

  /** What came since it was last asked, once it ends with the text. */
  async until(text: string): Promise<string> {
    while (!this.received.endsWith(text)) {
      if (this.#ending) throw new Error(`${this.#ending} after ${JSON.stringify(this.received)}`)
      await this.#more()
    }
    const { received } = this
    this.forget()
    return received
  }

  /** What came until the connection was over. */
  async untilOver(): Promise<string> {
    while (!this.#ending) await this.#more()
    return this.received
  }

  /** Sends, and resolves to the one answer. */
  async ask(line: string, answer: string): Promise<string> {
    this.send(line)
    return this.until(answer)
  }

  /** Turns to TLS; rejects with what the client finds at fault. */
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

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#wake()
    })
    socket.on('end', () => this.#over('end'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#over(error.code === 'ECONNRESET' ? 'reset' : 'end')
    })
  }

  #over(ending: 'end' | 'reset'): void {
    this.#ending ??= ending
    this.#wake()
  }
}
