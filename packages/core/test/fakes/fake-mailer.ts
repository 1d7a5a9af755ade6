import type { BatchRecipient } from '../../src/batch/recipient.ts'
import type { BatchMailer, ChunkSettings } from '../../src/batch/send-batch.ts'
import { DeliveryError, type DeliveryFailure } from '../../src/outcome/errors.ts'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import type { MailgunMessage } from '../../src/message/message.ts'
import type { JsonObject } from '../../src/options/options.ts'
import type { RecipientResult } from '../../src/outcome/outcome.ts'
import { receiptOf, type Receipt } from '../../src/outcome/receipt.ts'

export const template: MailgunMessage = {
  from: 'shop@mg.example.com',
  subject: 'Hello %recipient.first%',
  text: 'Your code is %recipient.code%.',
}

export const day = 24 * 60 * 60 * 1000

/** What one call of `send` comes to: nothing said is a receipt for all. */
export type Answer = (
  addresses: readonly string[],
  call: number,
  signal: AbortSignal | undefined,
) => Promise<readonly Refusal[] | void> | readonly Refusal[] | void

/** Who is not accepted. */
export type Refusal = Pick<RecipientResult, 'address' | 'outcome' | 'reply'>

/** Keeps what it was told to send, under its key if it has one. */
export class FakeMailer implements BatchMailer {
  readonly lifetime = day
  readonly store = memoryStore()
  readonly sent: MailgunMessage[] = []
  readonly #answer: Answer
  readonly #idempotency = new Idempotency(this.store)
  #calls = 0

  constructor(answer: Answer = () => undefined) {
    this.#answer = answer
  }

  async send(
    message: MailgunMessage,
    { idempotencyKey: key, signal }: Pick<ChunkSettings, 'idempotencyKey' | 'signal'>,
  ): Promise<Receipt> {
    if (key === undefined) return this.#deliver(message, signal)
    const final = { ...message, messageId: '<fixed@mg.example.com>' }
    return this.#idempotency.run(key, final, () => this.#deliver(message, signal))
  }

  async #deliver(message: MailgunMessage, signal: AbortSignal | undefined): Promise<Receipt> {
    const addresses = message.to as readonly string[]
    const call = this.#calls
    this.#calls += 1
    const refused = (await this.#answer(addresses, call, signal)) ?? []
    this.sent.push(message)
    const recipients = addresses.map((address): RecipientResult => {
      const refusal = refused.find((one) => one.address === address)
      return refusal
        ? { ...refusal, retryable: refusal.outcome === 'deferred' }
        : { address, outcome: 'accepted', retryable: false, reply: { code: 250, text: 'Queued' } }
    })
    return receiptOf(recipients, {
      messageId: `<${call}@mg.example.com>`,
      from: 'shop@mg.example.com',
      attempts: 1,
    })
  }

  /** Every recipient that was sent a copy, once for each copy. */
  get copies(): readonly string[] {
    return this.sent.flatMap(({ to }) => to as readonly string[])
  }

  /** The variables of one message, by address. */
  variables(message: number): Readonly<Record<string, JsonObject>> {
    return this.sent[message]?.mailgun?.recipientVariables ?? {}
  }
}

export function failure(more: Partial<DeliveryFailure> = {}): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_REFUSED',
    outcome: 'deferred',
    fault: 'message',
    retryable: true,
    message: 'It failed.',
    cure: 'Try again.',
    attempts: 1,
    ...more,
  })
}

export function addressOf(index: number): string {
  return `r${index}@example.com`
}

/** So many recipients; it counts how many were asked for, and whether it was told to stop. */
export class Crowd {
  asked = 0
  isClosed = false
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  *[Symbol.iterator](): Generator<BatchRecipient> {
    try {
      while (this.asked < this.#size) {
        const index = this.asked
        this.asked += 1
        yield { to: addressOf(index), variables: { first: `Name ${index}` } }
      }
    } finally {
      this.isClosed = true
    }
  }
}
