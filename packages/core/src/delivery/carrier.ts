import type { SendMailOptions } from 'nodemailer'
import type { MailgunMessage } from '../message/message.ts'
import type { Login } from '../outcome/login.ts'
import type { Halt } from '../session/halt.ts'
import type { BeforeDot } from '../session/transaction.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'

/** What hands messages over: a session of our own, or a nodemailer transporter that is given. */
export interface Carrier {
  /** Where it goes and who logs in. A transport that is not SMTP has none. */
  readonly login: Login
  /** Fields of every message, under its own. */
  readonly defaults: SendMailOptions
  /** How many messages it takes at once, as far as it says. */
  readonly concurrency: number
  /**
   * Composes a message.
   *
   * @throws {MailgunError} if it may not leave, or {SessionError} if the halt comes first. Anything else is a part or a
   * plugin that failed.
   */
  load(message: MailgunMessage, halt: Halt): Promise<Cargo>
  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {DeliveryError} if that fails.
   */
  verify(halt: Halt): Promise<void>
  /** Closes the connections. Nothing is on its way then. */
  close(): void
}

/** A message that is composed. */
export interface Cargo {
  /**
   * One attempt to hand it over. It settles by its deadlines, once, and leaves no connection in doubt.
   *
   * @throws {MailgunError} if it ended beside the session: the message may not leave, or the store forbade the final dot.
   */
  attempt(request: AttemptRequest): Promise<TransactionRecord>
  /** Whether its contents cannot be read once more after that attempt. */
  isSpent(record: TransactionRecord): boolean
  /** Lets go of it. Unless it was taken, its streams are destroyed. */
  release(isTaken: boolean): void
}

/** What one attempt is asked. */
export interface AttemptRequest {
  /** For whom. Default: everyone. */
  readonly to?: readonly string[] | undefined
  /** Ends it from this side. */
  readonly halt: Halt
  /** Whether the message was tried before: it takes a new connection then, as the old one may be what failed. */
  readonly isRepetition: boolean
  /** Whether a port that has just failed for another message is not dialled again. */
  readonly usesMemory: boolean
  readonly onLoggedIn: () => void
  readonly beforeDot?: BeforeDot | undefined
}
