import type { NodemailerError, SentMessageInfo } from 'nodemailer'
import type { Socket } from 'node:net'
import type { MailgunTransporter } from '../transport/attach.ts'
import { DeliveryError, MailgunError } from '../outcome/errors.ts'
import { failureOf } from '../outcome/conclusion.ts'
import { judge } from '../outcome/judgement.ts'
import { loginOf } from '../outcome/login.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { ResolvedDeadlines } from '../config/deadlines.ts'
import type {
  FailureReason,
  RecipientRecord,
  SessionStage,
  TransactionRecord,
} from '../session/transaction-record.ts'
import type { Dialer, DialWatch } from '../transport/dialer.ts'
import { recordOfError, recordOfInfo, type NodemailerSend } from '../transport/nodemailer-record.ts'
import { PhaseTimer } from '../session/phase-timer.ts'
import { follow, type Progress } from '../transport/progress.ts'
import { StopSignal } from './stop-signal.ts'

/** What one attempt needs. */
export interface AttemptSettings {
  readonly transporter: MailgunTransporter
  readonly dialer: Dialer | undefined
  readonly deadlines: ResolvedDeadlines
  /** The caller's: ends the attempt. */
  readonly signal: AbortSignal | undefined
  readonly onLogin: () => void
  /** Awaited before the final dot, with each recipient's reply to RCPT; none, if the transport does not say. */
  readonly beforeDot?: ((replies: readonly RecipientRecord[]) => Promise<void>) | undefined
}

/** One attempt to hand a message over: it settles by its deadlines, once, and its socket is gone then. */
export class Attempt {
  readonly #settings: AttemptSettings
  readonly #timer = new PhaseTimer(() => this.#stop('deadline'))
  #stage: SessionStage = 'connect'
  #halt: FailureReason | undefined
  #handedOver = false
  #abort: (() => void) | undefined
  #settle: ((error: Error) => void) | undefined
  #socket: Socket | undefined
  readonly #watch: DialWatch = {
    onDial: (socket) => {
      this.#socket = socket
      if (this.#halt) socket.destroy()
    },
  }
  /** Why the store forbade the final dot. */
  #forbidden: Error | undefined
  /** What the transport says of it. */
  #record: TransactionRecord | undefined
  /** The envelope, once the session was logged in. */
  envelope: Parameters<Progress['loggedIn']>[0] | undefined

  constructor(settings: AttemptSettings) {
    this.#settings = settings
  }

  /**
   * Makes the attempt.
   *
   * @throws {MailgunError} if it ended before or beside the session: the message is wrong, or the store forbade the final dot.
   */
  async run(message: MailgunMessage): Promise<TransactionRecord> {
    const { deadlines, signal } = this.#settings
    const abort = (): void => this.#stop('aborted')
    signal?.addEventListener('abort', abort)
    this.#timer.begin(deadlines.untilBody)
    try {
      const info = await this.#send(message)
      return this.#record ?? recordOfInfo(info, this.#facts(message))
    } catch (error) {
      return this.#recordOf(error, message)
    } finally {
      this.#timer.stop()
      // A socket that is opened after the stop is still told of.
      if (!this.#halt) this.#watch.onDial = undefined
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Ends it, as the process does. */
  shutDown(): void {
    this.#stop('closed')
  }

  #send(message: MailgunMessage): Promise<SentMessageInfo> {
    const { transporter, dialer } = this.#settings
    // A transport of another package may hand the signal on to what needs a real one.
    const controller = dialer ? undefined : new AbortController()
    const signal = controller?.signal ?? new StopSignal()
    this.#abort = () => (controller ?? (signal as StopSignal)).abort()
    follow(signal, this.#progress())
    const data: MailgunMessage & { signal: AbortSignal } = {
      ...message,
      signal: signal as AbortSignal,
    }
    return new Promise((resolve, reject) => {
      this.#settle = reject
      const send = (): Promise<SentMessageInfo> => transporter.sendMail(data)
      const sent = dialer ? dialer.watch(this.#watch, send) : send()
      sent.then(resolve, reject)
    })
  }

  #progress(): Progress {
    const { deadlines, onLogin, beforeDot } = this.#settings
    return {
      loggedIn: (envelope) => {
        this.envelope = envelope
        this.#stage = 'mail'
        onLogin()
      },
      bodyBegun: () => this.#begin('body', deadlines.body),
      bodyEnded: () => {
        this.#handedOver = true
        this.#begin('final', deadlines.afterDot)
      },
      ended: (record) => (this.#record = record),
      beforeDot:
        beforeDot &&
        (async () => {
          try {
            await beforeDot([])
          } catch (error) {
            this.#forbidden = error as Error
            throw error
          }
        }),
    }
  }

  #begin(stage: SessionStage, length: number): void {
    this.#stage = stage
    this.#timer.begin(length)
  }

  #stop(reason: FailureReason): void {
    if (this.#halt) return
    this.#halt = reason
    this.#abort?.()
    this.#socket?.destroy()
    // nodemailer has its say first; a transport that knows no signal would never settle.
    setImmediate(() => this.#settle?.(new Error('The transport did not stop.')))
  }

  /** What an attempt that failed came to. */
  #recordOf(error: unknown, message: MailgunMessage): TransactionRecord {
    if (this.#forbidden) throw this.#forbidden
    // A reply that came first counts, whatever ended the attempt after it.
    if (this.#record && (!this.#halt || this.#record.reply)) return this.#record
    const facts = this.#facts(message)
    if (this.#halt) {
      return {
        ...recordOfError(new Error(), facts),
        stage: this.#stage,
        failure: { reason: this.#halt },
        isDotWritten: this.#handedOver || this.#mayStillSend(),
      }
    }
    if (error instanceof MailgunError) throw error
    return recordOfError(asError(error), { ...facts, isBuilt: false })
  }

  #facts(message: MailgunMessage): NodemailerSend {
    return {
      messageId: message.messageId ?? '',
      envelope: this.envelope ?? { from: false, to: [] },
      isBuilt: true,
      isSourceRead: this.envelope !== undefined,
      isHandedOver: this.#handedOver,
    }
  }

  /** Whether the transport goes on although it was told to stop. */
  #mayStillSend(): boolean {
    const { transporter } = this.#settings.transporter
    return this.envelope !== undefined && !Reflect.get(transporter, 'supportsAbortSignal')
  }
}

/** An error of a session that sends no message, as one of ours. */
export function sessionError(error: unknown, transporter: MailgunTransporter): MailgunError {
  if (error instanceof MailgunError) return error
  const record = recordOfError(asError(error), {
    messageId: '',
    envelope: { from: false, to: [] },
    isBuilt: true,
    isSourceRead: false,
    isHandedOver: false,
  })
  const { whole } = judge(record, loginOf(transporter))
  return new DeliveryError({ ...failureOf(whole), attempts: 1 })
}

function asError(error: unknown): NodemailerError {
  return error instanceof Error ? error : new Error('The send failed.')
}
