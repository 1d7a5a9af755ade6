import type { SendMailOptions, SentMessageInfo } from 'nodemailer'
import type { AttemptRequest, Cargo, Carrier } from '../delivery/carrier.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { Login } from '../outcome/login.ts'
import type { Halt } from '../session/halt.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'
import { Handover, type BuiltMessage } from './handover.ts'
import type { SmtpTransport } from './smtp-transport.ts'

/** What a {@link SessionCarrier} hands messages over with. */
export interface SessionCarrierParts {
  /** Composes messages, for `transport`. */
  readonly transporter: { sendMail(message: MailgunMessage): Promise<SentMessageInfo> }
  readonly transport: SmtpTransport
  readonly login: Login
  readonly defaults: SendMailOptions
  readonly concurrency: number
}

/** Lets nodemailer compose a message once, and hands it over by sessions of our own as often as it takes. */
export class SessionCarrier implements Carrier {
  readonly #parts: SessionCarrierParts

  constructor(parts: SessionCarrierParts) {
    this.#parts = parts
  }

  get login(): Login {
    return this.#parts.login
  }

  get defaults(): SendMailOptions {
    return this.#parts.defaults
  }

  get concurrency(): number {
    return this.#parts.concurrency
  }

  load(message: MailgunMessage, halt: Halt): Promise<Cargo> {
    const { transporter, transport } = this.#parts
    return new Promise((resolve, reject) => {
      let isLeft = false
      const forget = halt.onStop((error) => {
        isLeft = true
        reject(error)
      })
      const handover = new Handover((built) => {
        forget()
        const cargo = new BuiltCargo(built, transport)
        if (isLeft) cargo.release(false)
        else resolve(cargo)
      })
      transporter.sendMail(handover.on(message)).catch((error: unknown) => {
        forget()
        // Once it is built this says only that it was let go of.
        reject(error as Error)
      })
    })
  }

  async verify(halt: Halt): Promise<void> {
    await this.#parts.transport.verify(halt)
  }

  close(): void {
    this.#parts.transport.close({ force: true })
  }
}

class BuiltCargo implements Cargo {
  readonly #built: BuiltMessage
  readonly #transport: SmtpTransport

  constructor(built: BuiltMessage, transport: SmtpTransport) {
    this.#built = built
    this.#transport = transport
  }

  async attempt(request: AttemptRequest): Promise<TransactionRecord> {
    const { outgoing } = this.#built
    const { to = outgoing.to, isRepetition, ...wishes } = request
    const mayUseKept = !isRepetition
    const record = await this.#transport.attempt(outgoing, to, { ...wishes, mayUseKept })
    const { failure } = record
    if (failure?.reason === 'withheld') throw failure.cause
    return record
  }

  isSpent({ isSourceRead }: TransactionRecord): boolean {
    return isSourceRead && this.#built.outgoing.isReadOnce
  }

  release(isTaken: boolean): void {
    this.#built.done(isTaken ? null : new Error('The message was not taken.'))
  }
}
