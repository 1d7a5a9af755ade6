import type { MailMessage, SentMessageInfo, Transport } from 'nodemailer'
import Mail from 'nodemailer/lib/mailer'
import { attachMailgun } from '../nodemailer/attach.ts'
import type { MailgunTransporter } from '../nodemailer/mailgun-transporter.ts'
import { CapturedMessage, type OutboxMessage } from './captured-message.ts'
import { describeNearest } from './description.ts'
import { checkCondition, describeCondition, matches, type MailCondition } from './filter.ts'

/** Keeps mails in place of sending them. */
export interface Outbox {
  /** For `createMailer(outbox.transporter)`, or to send with as it is. */
  readonly transporter: MailgunTransporter
  /** Oldest first. */
  readonly messages: readonly OutboxMessage[]
  /**
   * The newest mail that matches, or the next one to arrive within `timeout` milliseconds. Default: 2000.
   *
   * @throws {Error} named `TimeoutError`, which shows the nearest mail.
   */
  waitFor(
    condition: MailCondition,
    settings?: { readonly timeout?: number | undefined },
  ): Promise<OutboxMessage>
  /** Forgets what is in it. */
  reset(): void
}

/** Creates an outbox: no server, no socket, and every check of a real send up to the bytes that would leave. */
export function createOutbox(): Outbox {
  return new MemoryOutbox()
}

class MemoryOutbox implements Outbox {
  readonly transporter: MailgunTransporter
  readonly #messages: OutboxMessage[] = []
  readonly #listeners = new Set<(message: OutboxMessage) => void>()

  constructor() {
    const transport: Transport = {
      name: 'Outbox',
      version: '1',
      send: (mail, callback) => {
        const chunks: Buffer[] = []
        const body = mail.message.createReadStream()
        body.on('data', (chunk: Buffer) => chunks.push(chunk))
        body.once('error', (error) => callback(error))
        body.once('end', () => callback(null, this.#take(mail, Buffer.concat(chunks))))
      },
      verify: () => Promise.resolve(true as const),
      close: () => undefined,
    }
    this.transporter = attachMailgun(new Mail(transport))
  }

  get messages(): readonly OutboxMessage[] {
    return [...this.#messages]
  }

  waitFor(
    condition: MailCondition,
    { timeout = 2_000 }: { readonly timeout?: number | undefined } = {},
  ): Promise<OutboxMessage> {
    return new Promise((resolve, reject) => {
      checkCondition(condition)
      const present = this.#messages.findLast((message) => matches(message, condition))
      if (present) return resolve(present)
      const finish = (): void => {
        clearTimeout(timer)
        this.#listeners.delete(listen)
      }
      const listen = (message: OutboxMessage): void => {
        try {
          if (!matches(message, condition)) return
          finish()
          resolve(message)
        } catch (error) {
          // Thrown by the caller's own function.
          finish()
          reject(error as Error)
        }
      }
      const timer = setTimeout(() => {
        finish()
        reject(timeoutError(this.#messages, condition, timeout))
      }, timeout)
      this.#listeners.add(listen)
    })
  }

  reset(): void {
    this.#messages.length = 0
  }

  #take(mail: MailMessage, body: Buffer): SentMessageInfo {
    // SMTP ends every line with CRLF, whatever line ends the message had.
    const raw = Buffer.from(body.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
    const { from, to } = mail.message.getEnvelope()
    const messageId = mail.message.messageId()
    const envelope = { from: from || '', to: [...to] }
    const message = new CapturedMessage(raw, envelope, messageId)
    this.#messages.push(message)
    for (const listen of this.#listeners) listen(message)
    return { envelope, messageId, accepted: [...to], rejected: [], response: '250 Great success' }
  }
}

function timeoutError(
  messages: readonly OutboxMessage[],
  condition: MailCondition,
  timeout: number,
): Error {
  const error = new Error(
    `Waited ${timeout} ms for ${describeCondition(condition)}. ${describeNearest(messages, condition)}`,
  )
  error.name = 'TimeoutError'
  return error
}
