import { randomUUID } from 'node:crypto'
import type { Receipt } from '@mailgun-smtp/core'

/** What the page after a send shows. */
export interface Confirmation {
  /** None for a robot that was thanked and not served. */
  readonly messageId?: string | undefined
  /** How many recipients were taken. */
  readonly accepted?: number | undefined
  /** How many were refused while others were taken. */
  readonly refused?: number | undefined
  /** What the server said to the final dot. */
  readonly reply?: string | undefined
  /** When Mailgun is to deliver it, if not at once. */
  readonly deliverBy?: Date | undefined
}

/** The last hundred confirmations, each under a key that cannot be guessed. A reload shows one again and sends nothing. */
export class SentMail {
  readonly #confirmations = new Map<string, Confirmation>()

  /** Keeps what a page needs of a receipt, and returns its key. */
  keep(receipt: Receipt, deliverBy?: Date): string {
    const key = randomUUID()
    const { messageId, accepted, refused, reply } = receipt
    this.#confirmations.set(key, {
      messageId,
      accepted: accepted.length,
      refused: refused.length,
      reply: `${reply.code} ${reply.text}`,
      deliverBy,
    })
    const [oldest] = this.#confirmations.keys()
    if (this.#confirmations.size > 100 && oldest) this.#confirmations.delete(oldest)
    return key
  }

  find(key: string | undefined): Confirmation | undefined {
    return key === undefined ? undefined : this.#confirmations.get(key)
  }
}

/** The mail that this app has sent. */
export const sentMail: SentMail = new SentMail()
