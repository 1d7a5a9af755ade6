import type { SentMessageInfo } from 'nodemailer'
import type { MailgunTransporter } from '../transport/attach.ts'
import { DeliveryError, restate } from '../outcome/errors.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { RefusedRecipient } from '../outcome/outcome.ts'
import { readReceipt, withRecipients, type Receipt } from '../outcome/receipt.ts'
import type { Attempt } from './attempt.ts'
import type { Dialer } from '../transport/dialer.ts'
import { isReadOnce } from '../message/read-once.ts'
import { backoff, type ResolvedRetry } from '../config/retry.ts'
import type { OnUnknown } from '../config/mailer-settings.ts'

/** What a message is handed over with, and when again. */
export interface CourseSettings {
  readonly transporter: MailgunTransporter
  /** One that opens a new connection for each message: for repetitions. Default: `transporter`. */
  readonly fresh?: MailgunTransporter | undefined
  readonly dialer?: Dialer | undefined
  /** What no receipt shows. */
  readonly secrets: readonly string[]
  readonly retry: ResolvedRetry
  readonly onUnknown: OnUnknown
}

/** What one message asks for. */
export interface CourseWishes {
  /** Default: as the settings. */
  readonly onUnknown?: OnUnknown | undefined
  readonly onRetry?: ((error: DeliveryError, delay: number) => void) | undefined
  /** Called before a retry if it is certain that no recipient was sent anything so far. */
  readonly onUntaken?: (() => void) | undefined
}

/** What an attempt came to. */
export interface AttemptResult {
  readonly attempt: Attempt
  readonly info?: SentMessageInfo
  readonly error?: unknown
  /** Whether it ended before anything was tried. */
  readonly isLocal: boolean
}

/** The course of one message over its attempts: what to retry, for which recipients, and the final outcome. */
export class Course {
  readonly #settings: CourseSettings
  readonly #wishes: CourseWishes
  readonly #began = performance.now()
  #message: MailgunMessage
  #repetitions = 0
  /** What was taken so far. */
  #receipt: Receipt | undefined
  /** The recipients refused for ever. */
  #rejected: readonly RefusedRecipient[] = []
  /** The recipients that may be taken later; while there are none, every one may. */
  #deferred: readonly RefusedRecipient[] = []
  /** The error of an earlier attempt that Mailgun may have accepted. */
  #unknown: DeliveryError | undefined
  /** Everyone it is for, as soon as that is known. */
  #recipients: readonly string[] = []
  #error: unknown
  attempts = 0

  constructor(message: MailgunMessage, settings: CourseSettings, wishes: CourseWishes) {
    this.#message = message
    this.#settings = settings
    this.#wishes = wishes
  }

  /** What to hand over now. */
  get message(): MailgunMessage {
    return this.#message
  }

  /** What to hand it over with: for a repetition a new connection, as the old one may be what failed. */
  get transporter(): MailgunTransporter {
    const { transporter, fresh } = this.#settings
    return this.attempts > 0 ? (fresh ?? transporter) : transporter
  }

  /** Notes the last attempt. */
  end({ attempt, info, error }: AttemptResult): undefined {
    this.#error = error
    if (this.#recipients.length === 0) this.#recipients = attempt.envelope?.to ?? []
    if (info) {
      const receipt = readReceipt(info, this.#settings.secrets)
      this.#receipt = this.#receipt
        ? withRecipients(this.#receipt, { accepted: receipt.accepted })
        : receipt
      this.#sort(receipt.refused)
    } else if (error instanceof DeliveryError) {
      if (error.outcome === 'unknown') this.#unknown = error
      this.#sort(error.refused)
    }
  }

  /** Notes an attempt. In how many milliseconds the next one is due, or `undefined` if it was the last. */
  next(result: AttemptResult): number | undefined {
    this.end(result)
    const delay = this.#delay(result)
    if (delay === undefined) return undefined
    const { envelope } = result.attempt
    if (envelope && this.#deferred.length > 0) {
      const to = this.#deferred.map(({ address }) => address)
      this.#message = { ...this.#message, envelope: { from: envelope.from || '', to } }
    }
    if (!this.#receipt && !this.#unknown) this.#wishes.onUntaken?.()
    if (result.error instanceof DeliveryError) this.#wishes.onRetry?.(result.error, delay)
    return delay
  }

  /** The outcome. */
  result(): Receipt {
    const { attempts } = this
    // Whatever a later attempt came to, the earlier one may have been taken.
    const error = this.#error && (this.#unknown ?? this.#error)
    if (this.#receipt) {
      if (attempts === 1 && this.#receipt.refused.length === 0) return this.#receipt
      const open = error && this.#unknown ? this.#deferred.map(asUnknown) : this.#deferred
      return withRecipients(this.#receipt, { refused: this.#inOrder(open), attempts })
    }
    if (!(error instanceof DeliveryError)) throw error
    throw restate(error, { attempts, refused: this.#inOrder(this.#deferred) })
  }

  /** The outcome, if it was halted before the next attempt. */
  interrupted(reason: DeliveryError): Receipt {
    this.#error = reason
    return this.result()
  }

  /** Everyone who was refused, as the envelope has them. */
  #inOrder(open: readonly RefusedRecipient[]): readonly RefusedRecipient[] {
    const place = new Map(this.#recipients.map((address, index) => [address, index]))
    return [...this.#rejected, ...open].toSorted(
      (a, b) => (place.get(a.address) ?? 0) - (place.get(b.address) ?? 0),
    )
  }

  #sort(refused: readonly RefusedRecipient[]): void {
    if (refused.length === 0) {
      // What was taken whole leaves nobody to try again; an error that names nobody changes nothing.
      if (this.#error === undefined) this.#deferred = []
      return
    }
    this.#rejected = [...this.#rejected, ...refused.filter(({ outcome }) => outcome === 'rejected')]
    this.#deferred = refused.filter(({ outcome }) => outcome === 'deferred')
  }

  #delay({ attempt, error }: AttemptResult): number | undefined {
    if (!this.#mayRepeat(error)) return undefined
    // What a stream gave is gone once nodemailer began to read it.
    if (attempt.envelope && isReadOnce(this.#message)) return undefined
    const { retry, dialer } = this.#settings
    const isUnreached =
      error instanceof DeliveryError &&
      error.fault === 'connection' &&
      !error.reply &&
      !attempt.envelope
    if (isUnreached && dialer?.restPort()) return 0
    if (this.#repetitions >= retry.times) return undefined
    const due = error instanceof DeliveryError ? error.retryAfter : undefined
    const delay = Math.max(backoff(retry, this.#repetitions), due ? due.getTime() - Date.now() : 0)
    if (performance.now() - this.#began + delay > retry.within) return undefined
    this.#repetitions += 1
    return delay
  }

  #mayRepeat(error: unknown): boolean {
    if (error === undefined) return this.#deferred.length > 0
    if (!(error instanceof DeliveryError)) return false
    if (error.outcome === 'unknown') {
      return (this.#wishes.onUnknown ?? this.#settings.onUnknown) === 'resend'
    }
    return error.outcome === 'deferred' && error.retryable
  }
}

function asUnknown({ address }: RefusedRecipient): RefusedRecipient {
  return { address, outcome: 'unknown' }
}
