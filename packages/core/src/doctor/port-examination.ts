import type { ConnectionOptions } from 'node:tls'
import { refusal } from '../outcome/judgement.ts'
import { secretsOf, type Login } from '../outcome/login.ts'
import type { Reply } from '../outcome/outcome.ts'
import { readReply } from '../outcome/reply.ts'
import type { ServerReply } from '../session/transaction-record.ts'
import { certificateFault } from './certificate.ts'
import { SilenceError, type Limits } from './limits.ts'
import type { PortFault, Step } from './port-faults.ts'
import { LostError, NotSmtpError, SmtpSession } from './smtp-session.ts'
import { reportTls, type TlsReport } from './tls-report.ts'

/** What was found on one port. It can be written as JSON. */
export interface PortReport {
  readonly port: number
  /** Whether TLS begins with the first byte. */
  readonly secure: boolean
  /** The steps that succeeded, in their order. */
  readonly passed: readonly Step[]
  /** The step that failed. */
  readonly failed?: Step
  /** What is in the way. */
  readonly fault?: PortFault
  /** The reply that the fault came with. */
  readonly reply?: Reply
  /** What to do about a refused login. */
  readonly cure?: string
  readonly tls?: TlsReport
}

/** What to examine, and how. */
export interface PortSettings {
  readonly port: number
  readonly secure: boolean
  /** The name that the certificate has to be for. */
  readonly host: string
  /** Where to connect to. */
  readonly place: { readonly host: string; readonly port: number }
  /** Nothing, if the config asks for plaintext. */
  readonly tls: ConnectionOptions | undefined
  /** The name to greet the server with. */
  readonly name: string
  readonly login: Login
  readonly limits: Limits
}

/** A reply of the server that is in the way. */
class Obstacle extends Error {
  readonly fault: PortFault
  readonly reply: Reply | undefined
  readonly cure: string | undefined

  constructor(fault: PortFault, reply?: Reply, cure?: string) {
    super()
    this.fault = fault
    this.reply = reply
    this.cure = cure
  }
}

/** The examination of one port: `open`, then perhaps `logIn`, and `close` in any case. A fault ends it and is reported. */
export class PortExamination {
  readonly #settings: PortSettings
  readonly #passed: Step[] = []
  #session: SmtpSession | undefined
  #extensions = ''
  #tls: TlsReport | undefined
  #failure: Pick<PortReport, 'failed' | 'fault' | 'reply' | 'cure'> = {}

  constructor(settings: PortSettings) {
    this.#settings = settings
  }

  /** Goes as far as the login. */
  async open(): Promise<void> {
    const { secure, place, tls, limits } = this.#settings
    await this.#take('TCP', async () => {
      this.#session = await SmtpSession.connect(place, limits)
    })
    if (secure) await this.#take('TLS', (session) => this.#encrypt(session))
    await this.#take('greeting', async (session) => {
      this.#expect(220, await session.reply(), 'session-refused')
      await this.#greet(session)
    })
    if (secure || !tls) return
    await this.#take('STARTTLS', async (session) => {
      if (!/^STARTTLS\s*$/im.test(this.#extensions)) throw new Obstacle('starttls-absent')
      this.#expect(220, await session.command('STARTTLS'), 'starttls-refused')
    })
    await this.#take('TLS', async (session) => {
      await this.#encrypt(session)
      await this.#greet(session)
    })
  }

  async logIn(): Promise<void> {
    await this.#take('login', async (session) => {
      const mechanisms = /^AUTH[ =](.*)$/im.exec(this.#extensions)?.[1] ?? ''
      if (!/\b(?:PLAIN|LOGIN)\b/i.test(mechanisms)) throw new Obstacle('login-absent')
      const { user, pass } = this.#settings.login
      const reply = /\bPLAIN\b/i.test(mechanisms)
        ? await session.command(`AUTH PLAIN ${base64(`\0${user}\0${pass}`)}`)
        : await inTurns(session, ['AUTH LOGIN', base64(user), base64(pass)])
      if (reply.code !== 235) throw refusedLogin(reply, this.#settings.login)
    })
  }

  /** Whether nothing was in the way so far. */
  get isOpen(): boolean {
    return this.#failure.fault === undefined
  }

  async close(): Promise<void> {
    await this.#session?.quit()
  }

  report(): PortReport {
    const { port, secure } = this.#settings
    const tls = this.#tls && { tls: this.#tls }
    return { port, secure, passed: [...this.#passed], ...this.#failure, ...tls }
  }

  async #take(step: Step, work: (session: SmtpSession) => Promise<void>): Promise<void> {
    if (!this.isOpen) return
    try {
      // Only the first step, which opens the session, finds none.
      await work(this.#session as SmtpSession)
      this.#passed.push(step)
    } catch (error) {
      this.#settings.limits.signal?.throwIfAborted()
      const { reply, cure } = error instanceof Obstacle ? error : {}
      this.#failure = {
        failed: step,
        fault: faultOf(error, step),
        ...(reply ? { reply } : {}),
        ...(cure === undefined ? {} : { cure }),
      }
      this.#session?.close()
    }
  }

  async #encrypt(session: SmtpSession): Promise<void> {
    const { host, tls = {} } = this.#settings
    const socket = await session.encrypt(host, tls)
    this.#tls = reportTls(socket)
    const fault = tls.rejectUnauthorized === false ? undefined : certificateFault(socket)
    if (fault) throw new Obstacle(fault)
  }

  async #greet(session: SmtpSession): Promise<void> {
    const reply = await session.command(`EHLO ${this.#settings.name}`)
    this.#expect(250, reply, 'session-refused')
    this.#extensions = reply.text
  }

  #expect(code: number, reply: Reply, fault: PortFault): void {
    if (reply.code === code) return
    throw new Obstacle(fault, readReply(asServerReply(reply), secretsOf(this.#settings.login)))
  }
}

async function inTurns(session: SmtpSession, lines: readonly string[]): Promise<Reply> {
  let reply: Reply = { code: 334, text: '' }
  for (const line of lines) if (reply.code === 334) reply = await session.command(line)
  return reply
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function asServerReply({ code, text }: Reply): ServerReply {
  return { code, lines: text.split('\n') }
}

function refusedLogin(answer: Reply, login: Login): Obstacle {
  const { code: means, retryable, reply, cure } = refusal('auth', asServerReply(answer), login)
  if (means !== 'ERR_MAILGUN_AUTH') return new Obstacle('account-refused', reply, cure)
  return retryable
    ? new Obstacle('login-deferred', reply)
    : new Obstacle('login-refused', reply, cure)
}

function faultOf(error: unknown, step: Step): PortFault {
  if (error instanceof Obstacle) return error.fault
  const isSilence = error instanceof SilenceError
  if (step === 'TCP') {
    const code: unknown = Reflect.get(Object(error), 'code')
    return !isSilence && code === 'ECONNREFUSED' ? 'closed' : 'blocked'
  }
  if (isSilence) return 'silent'
  if (error instanceof LostError) return 'lost'
  return error instanceof NotSmtpError ? 'not-smtp' : 'tls-failed'
}
