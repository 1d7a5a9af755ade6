import type { NodemailerError, SentMessageInfo } from 'nodemailer'
import type { AttemptRequest } from '../delivery/carrier.ts'
import type { MailgunMessage } from '../message/message.ts'
import { MailgunError } from '../outcome/errors.ts'
import type { PhaseDeadlines } from '../session/settings.ts'
import type {
  FailureReason,
  SessionStage,
  TransactionRecord,
} from '../session/transaction-record.ts'
import type { MailgunTransporter } from './mailgun-transporter.ts'
import { recordOfError, recordOfInfo, type NodemailerSend } from './nodemailer-record.ts'
import { follow, type Progress } from './progress.ts'

/** What one attempt through nodemailer's own client needs. */
export interface NodemailerAttemptSettings {
  readonly transporter: MailgunTransporter
  readonly deadlines: PhaseDeadlines
  readonly request: AttemptRequest
}

/** One attempt by a transporter of nodemailer's: it settles by its deadlines, once, whether the transporter does or not. */
export class NodemailerAttempt {
  readonly #settings: NodemailerAttemptSettings
  #stage: SessionStage = 'connect'
  #stopped: FailureReason | undefined
  #handedOver = false
  /** Why the store forbade the final dot. */
  #forbidden: Error | undefined
  /** What the transport says of it. */
  #record: TransactionRecord | undefined
  /** The envelope, once the session was logged in. */
  #envelope: Parameters<Progress['loggedIn']>[0] | undefined

  constructor(settings: NodemailerAttemptSettings) {
    this.#settings = settings
  }

  /**
   * Makes the attempt.
   *
   * @throws {MailgunError} if it ended before or beside the session: the message is wrong, or the store forbade the final dot.
   */
  async run(message: MailgunMessage): Promise<TransactionRecord> {
    const { deadlines, request } = this.#settings
    request.halt.beginUntilBody(deadlines.untilBody)
    try {
      const info = await this.#send(message)
      return this.#record ?? recordOfInfo(info, this.#facts(message))
    } catch (error) {
      return this.#recordOf(error, message)
    } finally {
      request.halt.release()
    }
  }

  #send(message: MailgunMessage): Promise<SentMessageInfo> {
    const { transporter, request } = this.#settings
    const controller = new AbortController()
    follow(controller.signal, this.#progress())
    const sent = transporter.sendMail({ ...message, signal: controller.signal })
    return new Promise((resolve, reject) => {
      sent.then(resolve, reject)
      request.halt.onStop(({ failure }) => {
        this.#stopped = failure.reason
        controller.abort()
        // nodemailer has its say first; a transport that knows no signal would never settle.
        setImmediate(() => reject(new Error('The transport did not stop.')))
      })
    })
  }

  #progress(): Progress {
    const { deadlines, request } = this.#settings
    const { halt, onLoggedIn, beforeDot } = request
    return {
      loggedIn: (envelope) => {
        this.#envelope = envelope
        this.#stage = 'mail'
        onLoggedIn()
      },
      bodyBegun: () => {
        this.#stage = 'body'
        halt.begin(deadlines.body)
      },
      bodyEnded: () => {
        this.#handedOver = true
        this.#stage = 'final'
        halt.begin(deadlines.afterDot)
      },
      ended: (record) => (this.#record = record),
      beforeDot:
        beforeDot &&
        (async () => {
          try {
            // nodemailer does not say yet whom the server took.
            await beforeDot([])
          } catch (error) {
            this.#forbidden = error as Error
            throw error
          }
        }),
    }
  }

  /** What an attempt that failed came to. */
  #recordOf(error: unknown, message: MailgunMessage): TransactionRecord {
    if (this.#forbidden) throw this.#forbidden
    // A reply that came first counts, whatever ended the attempt after it.
    if (this.#record && (!this.#stopped || this.#record.reply)) return this.#record
    const facts = this.#facts(message)
    if (this.#stopped) {
      return {
        ...recordOfError(new Error(), facts),
        stage: this.#stage,
        failure: { reason: this.#stopped },
        isDotWritten: this.#handedOver || this.#mayStillSend(),
      }
    }
    if (error instanceof MailgunError) throw error
    return recordOfError(asError(error), { ...facts, isBuilt: false })
  }

  #facts(message: MailgunMessage): NodemailerSend {
    return {
      messageId: message.messageId ?? '',
      envelope: this.#envelope ?? { from: false, to: [] },
      isBuilt: true,
      isSourceRead: this.#envelope !== undefined,
      isHandedOver: this.#handedOver,
    }
  }

  /** Whether the transport goes on although it was told to stop. */
  #mayStillSend(): boolean {
    const { transporter } = this.#settings.transporter
    return this.#envelope !== undefined && !Reflect.get(transporter, 'supportsAbortSignal')
  }
}

function asError(error: unknown): NodemailerError {
  return error instanceof Error ? error : new Error('The send failed.')
}
