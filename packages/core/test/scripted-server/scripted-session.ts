import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { certificates, key } from './certificates.ts'
import type { Memory } from './scripted-memory.ts'

/** Where in the session the server is asked to answer. */
export type Moment =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'dot'
  | 'rset'

/** A reply to say; or to end the connection, after some text; or to say nothing at all. */
export type Answer =
  | string
  | { readonly drop: 'end' | 'reset'; readonly after?: string }
  | { readonly silence: true }

/** What the server says: one answer for a moment, or one by the command and how often that moment came. */
export type Script = {
  readonly [At in Moment]?: Answer | ((line: string, time: number) => Answer | undefined)
}

/** How the server behaves, apart from Mailgun's usual words. */
export interface Stage {
  readonly script?: Script
  readonly pipelining?: boolean
  /** Begins with TLS, or offers STARTTLS. Without it the session is plaintext. */
  readonly tls?: 'implicit' | 'starttls'
  readonly certificate?: keyof typeof certificates
  /** Resets the connection once so many bytes of a body came. */
  readonly dropInBody?: number
  /** Extensions to offer besides Mailgun's. */
  readonly extensions?: readonly string[]
  /** The ways to log in that it offers. Default `PLAIN LOGIN`. */
  readonly mechanisms?: string
  /** Whether to offer Mailgun's SIZE. Default `true`. */
  readonly size?: boolean
  /** Says this once so many bytes of a body came, and reads on. */
  readonly replyInBody?: { readonly after: number; readonly reply: string }
  /** Told of what arrives, as it arrives. */
  readonly onChunk?: (chunk: string) => void
}

// One for all sessions: a context of its own could not read the ticket of another.
const context = (name: keyof typeof certificates): ReturnType<typeof createSecureContext> =>
  createSecureContext({ cert: certificates[name], key })
const contexts = {
  localhost: context('localhost'),
  elsewhere: context('elsewhere'),
  expired: context('expired'),
}

const usual: Readonly<Record<Exclude<Moment, 'ehlo'>, string>> = {
  greeting: '220 Mailgun Influx ready',
  starttls: '220 Go ahead',
  auth: '235 Authentication successful',
  mail: '250 Sender address accepted',
  rcpt: '250 Recipient address accepted',
  data: '354 Continue',
  dot: '250 Great success',
  rset: '250 OK',
}

/** One session of the play. */
export class ScriptedSession {
  readonly #stage: Stage
  readonly #memory: Memory
  #socket: Socket
  #input = ''
  #body: string | undefined
  #loginLines = 0
  #hasSender = false
  /** Once silent, it stays so: whoever answers one command less is answered wrongly from then on. */
  #isMute = false
  #recipients = 0

  constructor(stage: Stage, memory: Memory, socket: Socket) {
    this.#stage = stage
    this.#memory = memory
    this.#socket = socket
    this.#listen()
    this.#answer('greeting', '')
  }

  #listen(): void {
    this.#socket.setEncoding('latin1')
    // A client that goes away is part of the play.
    this.#socket.on('error', () => undefined)
    this.#socket.on('data', (chunk) => this.#read(String(chunk)))
    this.#socket.on('close', () => {
      if (this.#body !== undefined) this.#memory.unfinished.push(this.#body)
      this.#body = undefined
    })
  }

  #read(chunk: string): void {
    this.#stage.onChunk?.(chunk)
    this.#input += chunk
    for (;;) {
      if (this.#body !== undefined && !this.#readBody(this.#body)) return
      const end = this.#input.indexOf('\r\n')
      if (end < 0) return
      const line = this.#input.slice(0, end)
      this.#input = this.#input.slice(end + 2)
      this.#memory.hear(line)
      this.#obey(line)
    }
  }

  /** Whether the body is complete. */
  #readBody(before: string): boolean {
    const body = before + this.#input
    const { dropInBody } = this.#stage
    this.#input = ''
    this.#body = body
    if (dropInBody !== undefined && body.length >= dropInBody) {
      this.#end('reset')
      return false
    }
    const { replyInBody } = this.#stage
    if (replyInBody && before.length < replyInBody.after && body.length >= replyInBody.after) {
      this.#say(replyInBody.reply)
    }
    const end = body.startsWith('.\r\n') ? 0 : body.indexOf('\r\n.\r\n') + 2
    if (end === 1) return false
    this.#body = undefined
    this.#memory.bodies.push(body.slice(0, end))
    this.#input = body.slice(end + '.\r\n'.length)
    this.#memory.hear('.')
    this.#answer('dot', '.')
    return true
  }

  #obey(line: string): void {
    const verb = line.slice(0, 4).toUpperCase()
    if (this.#loginLines > 0) this.#readLogin(line)
    else if (verb === 'EHLO') this.#answer('ehlo', line)
    else if (verb === 'STAR') this.#startTls(line)
    else if (verb === 'AUTH' && !/ PLAIN /i.test(line)) this.#startLogin()
    else if (verb === 'AUTH') this.#answer('auth', line)
    else if (verb === 'HELO') this.#say('250 4e119dd77b0c')
    else if (verb === 'MAIL') this.#mail(line)
    else if (verb === 'RCPT' && !this.#hasSender) this.#say('503 MAIL command expected')
    else if (verb === 'RCPT')
      this.#recipients += this.#answer('rcpt', line).startsWith('250') ? 1 : 0
    else if (verb === 'DATA') this.#data(line)
    else if (verb === 'RSET') this.#answer('rset', line)
    else if (verb === 'QUIT') this.#socket.end('221 See you later. Yours truly, Mailgun\r\n')
    else this.#say('502 Command not implemented')
  }

  #mail(line: string): void {
    this.#recipients = 0
    this.#hasSender = /^250[ -]/.test(this.#answer('mail', line))
  }

  #data(line: string): void {
    const isReady = this.#recipients > 0 || this.#stage.script?.data !== undefined
    const reply = isReady ? this.#answer('data', line) : '503 RCPT command expected'
    if (!isReady) this.#say(reply)
    if (reply.startsWith('354')) this.#body = ''
  }

  #startLogin(): void {
    this.#loginLines = 2
    this.#say('334 VXNlcm5hbWU6')
  }

  #readLogin(line: string): void {
    this.#loginLines -= 1
    if (this.#loginLines > 0) this.#say('334 UGFzc3dvcmQ6')
    else this.#answer('auth', line)
  }

  #startTls(line: string): void {
    if (this.#stage.tls !== 'starttls') return this.#say('502 Command not implemented')
    if (!this.#answer('starttls', line).startsWith('220')) return
    this.#socket.removeAllListeners('data')
    const secureContext = contexts[this.#stage.certificate ?? 'localhost']
    const socket = new TLSSocket(this.#socket, { isServer: true, secureContext })
    socket.once('secure', () => this.#memory.resumed.push(socket.isSessionReused()))
    this.#socket = socket
    this.#listen()
  }

  /** Plays the script's answer, and returns what was said. */
  #answer(moment: Moment, line: string): string {
    const scripted = this.#stage.script?.[moment]
    const time = this.#memory.count(moment)
    const answer =
      (typeof scripted === 'function' ? scripted(line, time) : scripted) ??
      (moment === 'ehlo' ? this.#greeting() : usual[moment])
    if (typeof answer === 'object') {
      if ('silence' in answer) {
        this.#isMute = true
        return ''
      }
      if (answer.after !== undefined) this.#socket.write(answer.after)
      this.#end(answer.drop)
      return ''
    }
    this.#say(answer)
    return answer
  }

  #end(how: 'end' | 'reset'): void {
    if (how === 'end') this.#socket.end()
    else if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  #greeting(): string {
    const { pipelining = true, size = true, mechanisms = 'PLAIN LOGIN', tls } = this.#stage
    const { extensions = [] } = this.#stage
    const offers = [`AUTH ${mechanisms}`, '8BITMIME', 'SMTPUTF8', ...extensions]
    if (size) offers.push('SIZE 52428800')
    if (pipelining) offers.push('PIPELINING')
    if (tls === 'starttls' && !(this.#socket instanceof TLSSocket)) offers.push('STARTTLS')
    const last = offers.pop() ?? ''
    return ['250-4e119dd77b0c', ...offers.map((offer) => `250-${offer}`), `250 ${last}`].join(
      '\r\n',
    )
  }

  #say(text: string): void {
    if (this.#isMute) return
    this.#socket.write(`${text}\r\n`)
  }
}
