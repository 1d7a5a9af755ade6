import type { MailMessage, SMTPSentMessageInfo, Transport } from 'nodemailer'
import { EventEmitter } from 'node:events'
import { callbackify } from 'node:util'
import { AttemptLog } from '../session/attempt-log.ts'
import { Halt } from '../session/halt.ts'
import { Pool, type AttemptWishes } from '../session/pool.ts'
import type { Credentials, PoolSettings, SessionSettings } from '../session/settings.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'
import { version } from '../version.ts'
import { Handover } from './handover.ts'
import { Outgoing } from './outgoing.ts'
import { sentInfo } from './sent-info.ts'

/** What the transport is told of the message itself. */
export interface TransportHooks {
  /** Checks what is about to leave, after every plugin. It throws for what may not. */
  readonly check: (mail: MailMessage) => void
  /** The error of an attempt that was taken for no recipient. */
  readonly errorOf: (record: TransactionRecord) => Error
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

type Callback = (error: Error | null, info: SMTPSentMessageInfo) => void

/** A nodemailer transport that carries messages by SMTP sessions of its own. */
export class SmtpTransport extends EventEmitter implements Transport<SMTPSentMessageInfo> {
  readonly name = 'Mailgun SMTP'
  readonly version: string = version
  readonly supportsAbortSignal = true
  readonly #pool: Pool
  readonly #hooks: TransportHooks

  constructor(settings: SessionSettings, pool: PoolSettings, hooks: TransportHooks) {
    super()
    this.#pool = new Pool(settings, pool, () => this.emit('idle'))
    this.#hooks = hooks
    const { host, ports } = settings
    // Where it goes, and no login.
    const place = { host, ports: ports.map(({ port }) => port), pool: pool.isKept }
    Object.defineProperty(this, inspect, { value: () => place })
  }

  /** Sends a message once. With a {@link Handover}, it is handed back built instead. */
  send(mail: MailMessage<SMTPSentMessageInfo>, callback: Callback): void {
    const done = callback as (error: Error | null, info?: SMTPSentMessageInfo) => void
    let outgoing: Outgoing
    try {
      this.#hooks.check(mail as MailMessage)
      outgoing = new Outgoing(mail as MailMessage)
    } catch (error) {
      done(error as Error)
      return
    }
    const handover = Handover.of(mail.data)
    if (handover) return handover.take({ outgoing, done: done as never })
    const { signal, auth } = mail.data
    callbackify(() => this.#sendOnce(outgoing, signal ?? undefined, loginIn(auth)))(callback)
  }

  /** Makes one attempt for some of a message's recipients. It never rejects. */
  async attempt(
    outgoing: Outgoing,
    to: readonly string[],
    wishes: AttemptWishes,
  ): Promise<TransactionRecord> {
    try {
      await outgoing.prepare()
    } catch (error) {
      const log = new AttemptLog()
      log.end(error, outgoing)
      log.isSourceRead = true
      return log.record({ messageId: outgoing.messageId, from: outgoing.from, to })
    }
    return this.#pool.hand(outgoing.to === to ? outgoing : outgoing.for(to), wishes)
  }

  /** Connects and logs in, and sends nothing. The callback is nodemailer's. */
  verify(callback?: (error: Error | null, success?: true) => void): Promise<true>
  verify(halt?: Halt): Promise<true>
  verify(given?: Halt | ((error: Error | null, success?: true) => void)): Promise<true> {
    const verified = this.#verify(given instanceof Halt ? given : new Halt())
    if (typeof given === 'function') {
      callbackify(() => verified)(given)
    }
    return verified
  }

  /** Whether a message would be handed over at once. */
  isIdle(): boolean {
    return this.#pool.isIdle
  }

  /** Takes no more messages, lets those on their way end, and closes the connections; with `force` at once. */
  close({ force = false }: { readonly force?: boolean } = {}): void {
    if (force) this.#pool.abort()
    else this.#pool.close()
    this.emit('close')
  }

  async #verify(halt: Halt): Promise<true> {
    const log = new AttemptLog()
    try {
      await this.#pool.verify(log, halt)
      return true
    } catch (error) {
      log.end(error)
      throw this.#hooks.errorOf(log.record({ messageId: '', from: '', to: [] }))
    }
  }

  async #sendOnce(
    outgoing: Outgoing,
    signal: AbortSignal | undefined,
    credentials: Credentials | undefined,
  ): Promise<SMTPSentMessageInfo> {
    const halt = new Halt()
    const abort = (): void => halt.stop('aborted')
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    const began = performance.now()
    try {
      const record = await this.attempt(outgoing, outgoing.to, { halt, credentials })
      if (record.reply?.code !== 250 || record.stage !== 'final') throw this.#hooks.errorOf(record)
      return sentInfo(record, outgoing, performance.now() - began)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }
}

/** nodemailer lets a message log in on its own. */
function loginIn(auth: unknown): Credentials | undefined {
  const user: unknown = Reflect.get(Object(auth), 'user')
  const pass: unknown = Reflect.get(Object(auth), 'pass')
  return typeof user === 'string' && typeof pass === 'string' ? { user, pass } : undefined
}
