import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** What the server does when something was said to it. */
export type Answer =
  | { readonly say: string; readonly cutAt?: number | undefined }
  | { readonly leave: 'end' | 'reset'; readonly after: string }
  | { readonly silence: true }

/** Where in the session it is asked to answer. */
export type Moment = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot' | 'other'

/** What it answers, each time that moment comes; what is not there is answered as usual. */
export type Answers = { readonly [At in Moment]?: readonly Answer[] }

const usual: Readonly<Record<Moment, string>> = {
  greeting: '220 ready\r\n',
  EHLO: '250-here\r\n250-AUTH PLAIN\r\n250-PIPELINING\r\n250 8BITMIME\r\n',
  AUTH: '235 in\r\n',
  MAIL: '250 sender\r\n',
  RCPT: '250 recipient\r\n',
  DATA: '354 go on\r\n',
  dot: '250 taken\r\n',
  other: '250 fine\r\n',
}

/** A server on this machine that answers as it is told, right or wrong, and keeps what was said on both sides. */
export class ReplyingServer implements AsyncDisposable {
  readonly #server = createServer({ noDelay: true }, (socket) => this.#take(socket))
  readonly #sockets = new Set<Socket>()
  readonly #answers: Answers
  /** What each session is still being told. */
  readonly #saying = new WeakMap<Socket, Promise<void>>()
  /** How often each moment came. */
  readonly #times = new Map<Moment, number>()
  sessions = 0
  /** Whether DATA was answered so that a body may follow. */
  bodyAsked = false
  /** Bodies that came whole, with their final dot. */
  bodies = 0
  /** What was said from DATA on. */
  saidSinceData = ''

  private constructor(answers: Answers) {
    this.#answers = answers
  }

  static async open(answers: Answers): Promise<ReplyingServer> {
    const server = new ReplyingServer(answers)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #take(socket: Socket): void {
    this.sessions += 1
    this.#sockets.add(socket)
    let input = ''
    let inBody = false
    socket.setEncoding('latin1')
    socket.once('close', () => this.#sockets.delete(socket))
    // A client that goes away is part of the play.
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      input += String(chunk)
      for (;;) {
        const mark = inBody ? (input.startsWith('.\r\n') ? '.\r\n' : '\r\n.\r\n') : '\r\n'
        const end = input.indexOf(mark)
        if (end < 0) return
        const line = input.slice(0, end)
        input = input.slice(end + mark.length)
        // A client with no recipient left ends a pipelined DATA with a lone dot (RFC 2920 §3.1): that is no message.
        if (inBody && line !== '') this.bodies += 1
        const moment = inBody ? 'dot' : momentOf(line)
        const said = this.#answer(moment, socket)
        inBody = moment === 'DATA' && /^[23]/m.test(said)
        this.bodyAsked ||= inBody
      }
    })
    this.#answer('greeting', socket)
  }

  /** Answers after what it has still to say, and returns the words. */
  #answer(moment: Moment, socket: Socket): string {
    const time = this.#times.get(moment) ?? 0
    this.#times.set(moment, time + 1)
    const answer = this.#answers[moment]?.[time] ?? { say: usual[moment] }
    if ('silence' in answer) return ''
    const text = 'leave' in answer ? answer.after : answer.say
    if (moment === 'DATA' || moment === 'dot') this.saidSinceData += text
    const before = this.#saying.get(socket) ?? Promise.resolve()
    this.#saying.set(
      socket,
      before.then(() => speak(socket, text, answer)),
    )
    return text
  }
}

async function speak(socket: Socket, text: string, answer: Answer): Promise<void> {
  if ('cutAt' in answer && answer.cutAt !== undefined) {
    socket.write(text.slice(0, answer.cutAt), 'latin1')
    await nextTurn()
    socket.write(text.slice(answer.cutAt), 'latin1')
    return
  }
  socket.write(text, 'latin1')
  if (!('leave' in answer)) return
  if (answer.leave === 'end') socket.end()
  else socket.resetAndDestroy()
}

function momentOf(line: string): Moment {
  const verb = line.slice(0, 4).toUpperCase()
  return verb === 'EHLO' || verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA'
    ? verb
    : 'other'
}
