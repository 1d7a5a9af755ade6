import type { NodemailerError, SendMailOptions } from 'nodemailer'
import type { AttemptRequest, Cargo, Carrier } from '../delivery/carrier.ts'
import { envelopeOf } from '../message/envelope.ts'
import type { MailgunMessage } from '../message/message.ts'
import { holdsSpentStream, isReadOnce } from '../message/read-once.ts'
import { errorOfRecord } from '../outcome/conclusion.ts'
import { MailgunError } from '../outcome/errors.ts'
import { loginOf, type Login } from '../outcome/login.ts'
import type { Halt } from '../session/halt.ts'
import type { PhaseDeadlines } from '../session/settings.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'
import type { MailgunTransporter } from './mailgun-transporter.ts'
import { NodemailerAttempt } from './nodemailer-attempt.ts'
import { recordOfError } from './nodemailer-record.ts'

/** nodemailer's own default for a pool. */
const defaultConnections = 5

/** Hands messages over by a transporter that is given, with what it can tell of them. */
export class NodemailerCarrier implements Carrier {
  readonly #transporter: MailgunTransporter
  readonly #deadlines: PhaseDeadlines

  constructor(transporter: MailgunTransporter, deadlines: PhaseDeadlines) {
    this.#transporter = transporter
    this.#deadlines = deadlines
  }

  get login(): Login {
    return loginOf(this.#transporter)
  }

  get defaults(): SendMailOptions {
    return this.#transporter._defaults
  }

  /** One that is not a pool takes any number of messages at once. */
  get concurrency(): number {
    const options: unknown = Reflect.get(this.#transporter.transporter, 'options')
    if (!Reflect.get(Object(options), 'pool')) return Infinity
    return Number(Reflect.get(Object(options), 'maxConnections')) || defaultConnections
  }

  load(message: MailgunMessage): Promise<Cargo> {
    return Promise.resolve({
      attempt: (request) => this.#attempt(message, request),
      // nodemailer 10 destroys the streams of a message that failed, whether they were read or not.
      isSpent: ({ isSourceRead }) =>
        isReadOnce(message) && (isSourceRead || holdsSpentStream(message)),
      release: () => undefined,
    })
  }

  async verify(halt: Halt): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        halt.onStop(reject)
        this.#transporter.verify().then(() => resolve(), reject)
      })
    } catch (error) {
      throw error instanceof MailgunError ? error : this.#errorOf(error)
    } finally {
      halt.release()
    }
  }

  close(): void {
    this.#transporter.close()
  }

  #attempt(message: MailgunMessage, request: AttemptRequest): Promise<TransactionRecord> {
    const { to } = request
    const { from } = envelopeOf(message)
    const attempt = new NodemailerAttempt({
      transporter: this.#transporter,
      deadlines: this.#deadlines,
      request,
    })
    return attempt.run(to ? { ...message, envelope: { from, to: [...to] } } : message)
  }

  #errorOf(error: unknown): Error {
    const failure: NodemailerError = error instanceof Error ? error : new Error('It failed.')
    const record = recordOfError(failure, {
      messageId: '',
      envelope: { from: false, to: [] },
      isBuilt: true,
      isSourceRead: false,
      isHandedOver: false,
    })
    return errorOfRecord(record, this.login)
  }
}
