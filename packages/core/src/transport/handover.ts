import type { SendMailOptions, SentMessageInfo } from 'nodemailer'
import type { Outgoing } from './outgoing.ts'

/** A message that nodemailer has built, and holds until it learns the outcome. */
export interface BuiltMessage {
  readonly outgoing: Outgoing
  /** Ends nodemailer's part. With an error it destroys the streams of the message. */
  readonly done: (error: Error | null, info?: SentMessageInfo) => void
}

/**
 * Hands a built message back to whom it was composed for, in place of sending it: a mailer makes its attempts itself, with
 * the same bytes. It travels as a field of the message that nodemailer composes.
 */
export class Handover {
  readonly #receive: (built: BuiltMessage) => void

  constructor(receive: (built: BuiltMessage) => void) {
    this.#receive = receive
  }

  /** The message with this handover. */
  on<Message extends SendMailOptions>(message: Message): Message {
    return Object.assign({ ...message }, { [field]: this })
  }

  /** The handover of a message, if it has one. */
  static of(data: SendMailOptions): Handover | undefined {
    const handover: unknown = Reflect.get(data, field)
    return handover instanceof Handover ? handover : undefined
  }

  take(built: BuiltMessage): void {
    this.#receive(built)
  }
}

const field = 'mailgunHandover'
