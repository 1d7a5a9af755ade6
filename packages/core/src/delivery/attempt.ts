import type { SentMessageInfo } from 'nodemailer'
import type { Socket } from 'node:net'
import type { MailgunTransporter } from '../transport/attach.ts'
import { DeliveryError, MailgunError } from '../outcome/errors.ts'
import { toDeliveryError } from '../outcome/failure.ts'
import { loginOf } from '../outcome/login.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { ResolvedDeadlines } from '../config/deadlines.ts'
import type { Dialer, DialWatch } from '../transport/dialer.ts'
import { halted, leftUnknown, type HaltName } from '../outcome/halts.ts'
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
  readonly beforeDot?: (() => Promise<void>) | undefined
}

/** One attempt to hand a message over: it settles by its deadlines, once, and its socket is gone then. */
export class Attempt {
  readonly #settings: AttemptSettings
  readonly #timer = new PhaseTimer(() => this.#stop(this.#phase))
  #phase: HaltName | undefined = 'untilBody'
  #halt: HaltName | undefined
  #stopped = false
  #handedOver = false
  #abort: (() => void) | undefined
  #settle: ((error: Error) => void) | undefined
  #socket: Socket | undefined
  readonly #watch: DialWatch = {
    onDial: (socket) => {
      this.#socket = socket
      if (this.#stopped) socket.destroy()
    },
  }
  /** Why the store forbade the final dot. */
  #forbidden: Error | undefined
  /** The envelope, once the session was logged in. */
  envelope: Parameters<Progress['loggedIn']>[0] | undefined

  constructor(settings: AttemptSettings) {
    this.#settings = settings
  }

  /** @throws {MailgunError} if the message was not accepted. */
  async run(message: MailgunMessage): Promise<SentMessageInfo> {
    const { deadlines, signal } = this.#settings
    const abort = (): void => this.#stop('aborted')
    signal?.addEventListener('abort', abort)
    this.#timer.begin(deadlines.untilBody)
    try {
      return await this.#send(message)
    } catch (error) {
      throw this.#truth(error)
    } finally {
      this.#timer.stop()
      // A socket that is opened after the stop is still told of.
      if (!this.#stopped) this.#watch.onDial = undefined
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Ends it, as the process does. */
  shutDown(): void {
    this.#stop('shutdown')
  }

  #send(message: MailgunMessage): Promise<SentMessageInfo> {
    const { transporter, dialer } = this.#settings
    // A transport of somebody else's may hand the signal on to what needs a real one.
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
        onLogin()
      },
      bodyBegun: () => this.#begin('body', deadlines.body),
      bodyEnded: () => {
        this.#handedOver = true
        this.#begin(undefined, deadlines.afterDot)
      },
      beforeDot:
        beforeDot &&
        (async () => {
          try {
            await beforeDot()
          } catch (error) {
            this.#forbidden = error as Error
            throw error
          }
        }),
    }
  }

  #begin(phase: HaltName | undefined, length: number): void {
    this.#phase = phase
    this.#timer.begin(length)
  }

  #stop(halt: HaltName | undefined): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#halt = halt
    this.#abort?.()
    this.#socket?.destroy()
    // nodemailer has its say first; a transport that knows no signal would never settle.
    setImmediate(() => this.#settle?.(new Error('The transport did not stop.')))
  }

  #truth(error: unknown): Error {
    if (this.#forbidden) return this.#forbidden
    if (!this.#stopped) return truthful(error, this.#settings.transporter)
    // A reply that came first counts, whatever ended the attempt after it.
    if (error instanceof DeliveryError && error.reply) return error
    const messageId = error instanceof DeliveryError ? error.messageId : undefined
    if (this.#handedOver || this.#mayStillSend()) {
      const wanted = this.#halt === 'aborted' || this.#halt === 'shutdown'
      return leftUnknown(wanted ? 'ERR_MAILGUN_ABORTED' : 'ERR_MAILGUN_UNKNOWN_OUTCOME', messageId)
    }
    return halted(this.#halt ?? 'untilBody', { attempts: 1, messageId })
  }

  /** Whether the transport goes on although it was told to stop. */
  #mayStillSend(): boolean {
    const { transporter } = this.#settings.transporter
    return this.envelope !== undefined && !Reflect.get(transporter, 'supportsAbortSignal')
  }
}

/** An error from before or beside the inner send: nothing was handed over. */
export function truthful(
  error: unknown,
  transporter: MailgunTransporter,
  built = false,
): MailgunError {
  if (error instanceof MailgunError) return error
  return toDeliveryError(error instanceof Error ? error : new Error('The send failed.'), {
    login: loginOf(transporter),
    built,
    handedOver: false,
    addresses: [],
  })
}
