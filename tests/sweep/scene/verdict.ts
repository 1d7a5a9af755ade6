import { DeliveryError, type MailgunMessage, type Outcome, type Receipt } from '@mailgun-smtp/core'

/** The least that is sent. */
export const letter: MailgunMessage = {
  from: 'shop@mg.example.com',
  to: 'ada@example.com',
  subject: 'Your order',
  text: 'It is on its way.',
}

/** What came of a message, by the mailer's word and by the emulator's ledger. */
export interface Verdict {
  readonly outcome: Outcome
  readonly attempts: number
  /** How often a recipient got it: the most, of several. */
  readonly copies: number
  /** Of an error. */
  readonly code?: string | undefined
  readonly retryable?: boolean | undefined
  /** The code of the server's reply. */
  readonly reply?: number | undefined
}

/** What a send settled to. */
export type Settled = { readonly receipt: Receipt } | { readonly error: unknown }

/** Waits for a send, whatever comes of it. */
export function settle(sending: Promise<Receipt>): Promise<Settled> {
  return sending.then(
    (receipt) => ({ receipt }),
    (error: unknown) => ({ error }),
  )
}

/** What came of a send, in comparable words. */
export function verdictOf(settled: Settled, copies: number): Verdict {
  if ('receipt' in settled) {
    const { attempts, reply } = settled.receipt
    return { outcome: 'accepted', attempts, copies, reply: reply.code }
  }
  const { error } = settled
  if (!(error instanceof DeliveryError)) throw error
  const { outcome, attempts, code, retryable, reply } = error
  return { outcome, attempts, copies, code, retryable, ...(reply && { reply: reply.code }) }
}

/** Whether the verdict says all of this. */
export function isLike(verdict: Verdict, expected: Partial<Verdict>): boolean {
  return Object.entries(expected).every(([name, value]) => Reflect.get(verdict, name) === value)
}
