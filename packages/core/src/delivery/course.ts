import { conclude, failureOf, verdictOf } from '../outcome/conclusion.ts'
import { DeliveryError, MailgunError } from '../outcome/errors.ts'
import type { NotTaken } from '../outcome/failure-reasons.ts'
import { judge } from '../outcome/judgement.ts'
import type { Login } from '../outcome/login.ts'
import {
  addressesOf,
  fold,
  thoseWith,
  untriedList,
  type AttemptVerdicts,
  type RecipientList,
} from '../outcome/recipient-list.ts'
import { envelopeOf, recipientsOf } from '../message/envelope.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { AttemptLog } from '../session/attempt-log.ts'
import type { RecipientRecord, TransactionRecord } from '../session/transaction-record.ts'
import type { AttemptRequest, Cargo, Carrier } from './carrier.ts'
import { backoff, type ResolvedRetry } from '../config/retry.ts'
import type { OnUnknown } from '../config/mailer-settings.ts'

/** What a message is handed over with, and when again. */
export interface CourseSettings {
  readonly carrier: Carrier
  readonly retry: ResolvedRetry
  readonly onUnknown: OnUnknown
}

/** What one message asks for. */
export interface CourseWishes {
  /** Default: as the settings. */
  readonly onUnknown?: OnUnknown | undefined
  /** What an earlier send of the message left: only the deferred ones are sent to. Default: nothing, and it is sent to all. */
  readonly known?: RecipientList | undefined
  /** Told of every recipient after each attempt, and of how many attempts there were. */
  readonly onKnown?: ((recipients: RecipientList, attempts: number) => void) | undefined
  /** Told before a repetition what the attempt came to. */
  readonly onRetry?: ((error: DeliveryError, delay: number) => void) | undefined
}

/** What an attempt came to. */
export interface AttemptResult {
  /** Its facts, if it reached the session. */
  readonly record?: TransactionRecord
  readonly error?: unknown
  /** Whether it ended before anything was tried. */
  readonly isLocal: boolean
}

/** The course of one message over its attempts: what to retry, for which recipients, and the final outcome. */
export class Course {
  readonly #settings: CourseSettings
  readonly #wishes: CourseWishes
  readonly #login: Login
  /** When the first attempt began. */
  #began = 0
  readonly #message: MailgunMessage
  #repetitions = 0
  /** Nothing until it is needed: the first attempt has it for nothing. */
  #recipients: RecipientList | undefined
  #from = ''
  /** Those that are sent to now, if not all. */
  #aim: RecipientList | undefined
  /** What ended it from this side. */
  #ending: NotTaken | undefined
  #error: unknown
  /** Whether the last attempt leaves a reason to send again what is unknown. */
  #mayResend = false
  #cargo: Cargo | undefined
  /** Whether the last attempt dialled nothing. */
  #wasRemembered = false
  attempts = 0

  constructor(message: MailgunMessage, settings: CourseSettings, wishes: CourseWishes) {
    this.#settings = settings
    this.#wishes = wishes
    this.#recipients = wishes.known
    this.#login = settings.carrier.login
    this.#message = message
    if (wishes.known) this.#sendTo(thoseWith(wishes.known, 'deferred'))
  }

  /** Hands the message over, for whom it is due now; the first time it is composed. */
  async handOver(
    request: Omit<AttemptRequest, 'to' | 'isRepetition' | 'usesMemory'>,
  ): Promise<TransactionRecord> {
    try {
      this.#cargo ??= await this.#settings.carrier.load(this.#message, request.halt)
    } catch (error) {
      if (error instanceof MailgunError) throw error
      const log = new AttemptLog()
      log.end(error)
      return log.record({ messageId: this.#message.messageId ?? '', from: '', to: [] })
    }
    const record = await this.#cargo.attempt({
      ...request,
      to: this.#aim && addressesOf(this.#aim),
      isRepetition: this.attempts > 1,
      // A port that this message dialled in vain it dials again: that is what a repetition is for.
      usesMemory: this.attempts === 1 || this.#wasRemembered,
    })
    this.#wasRemembered = record.failure?.isRemembered === true
    return record
  }

  /** Lets go of the message. */
  release(): void {
    this.#cargo?.release(thoseWith(this.recipients, 'accepted').length > 0)
  }

  /** Every recipient, with the last thing known. */
  get recipients(): RecipientList {
    return (this.#recipients ??= untriedList(recipientsOf(this.#message)))
  }

  /** An attempt begins. */
  begin(): void {
    if (this.attempts === 0) this.#began = performance.now()
    this.attempts += 1
  }

  /** Notes the last attempt. */
  end({ record, error, isLocal }: AttemptResult): undefined {
    if (record) {
      this.#from = record.from
      const verdicts = judge(record, this.#login)
      this.#recipients = this.#after(verdicts)
      this.#mayResend = verdicts.whole.outcome === 'unknown' || verdicts.whole.retryable
    } else if (!(error instanceof DeliveryError)) {
      this.#error = error
    } else if (isLocal) {
      this.#ending = verdictOf(error)
    } else {
      this.#recipients = this.#after({ whole: verdictOf(error), recipients: [] })
    }
    if (!isLocal) this.#wishes.onKnown?.(this.recipients, this.attempts)
  }

  /** Notes an attempt. In how many milliseconds the next one is due, or `undefined` if it was the last. */
  next(result: AttemptResult): number | undefined {
    this.end(result)
    const again = this.#again()
    const [first] = again
    if (!first || this.#error !== undefined) return undefined
    const delay = this.#delay(result, again)
    if (delay === undefined) return undefined
    this.#sendTo(again)
    this.#wishes.onRetry?.(this.#errorOf(first), delay)
    return delay
  }

  /** Every recipient, with what is known if the reply to the final dot is lost. */
  ifLost(recipients: readonly RecipientRecord[]): RecipientList {
    const lost = { ...handedOver, messageId: this.#message.messageId ?? '', recipients }
    return this.#after(judge(lost, this.#login))
  }

  /** The error that every send has that follows an attempt whose login was refused; `undefined` if it was not. */
  refusedLogin(record: TransactionRecord): DeliveryError | undefined {
    if (record.stage !== 'auth' || !record.reply) return undefined
    const { whole } = judge(record, this.#login)
    const isRefused = whole.code === 'ERR_MAILGUN_AUTH' && !whole.retryable
    return isRefused ? new DeliveryError({ ...failureOf(whole), attempts: 0 }) : undefined
  }

  /**
   * The outcome.
   *
   * @throws {MailgunError} if it was accepted for no recipient.
   */
  result(): Receipt {
    const { attempts, recipients } = this
    const isHandedOver = thoseWith(recipients, 'accepted', 'unknown').length > 0
    if (this.#error !== undefined && !isHandedOver) throw this.#error
    return conclude({
      messageId: this.#message.messageId ?? '',
      from: this.#from || senderOf(this.#message),
      recipients,
      attempts,
      ending: this.#ending,
    })
  }

  /** The outcome, if it was halted before the next attempt. */
  interrupted(reason: DeliveryError): Receipt {
    this.#ending = verdictOf(reason)
    return this.result()
  }

  /** Those that may be sent to again. */
  #again(): RecipientList {
    const resend =
      this.#mayResend && (this.#wishes.onUnknown ?? this.#settings.onUnknown) === 'resend'
    const open = this.recipients.filter(
      ({ outcome, retryable }) =>
        (outcome === 'deferred' && retryable) || (outcome === 'unknown' && resend),
    )
    return open.filter(({ retryAfter }) => this.#isInTime(waitFor(retryAfter)))
  }

  /** The list after what an attempt says. */
  #after({ whole, recipients }: AttemptVerdicts): RecipientList {
    if (recipients.length > 0) return fold(this.#recipients ?? [], { whole, recipients })
    const aim = this.#aim?.map(({ address }) => ({ ...whole, address }))
    return fold(this.recipients, { whole, recipients: aim ?? [] })
  }

  /** Narrows the message to some of its recipients. */
  #sendTo(recipients: RecipientList): void {
    this.#aim = recipients.length === this.recipients.length ? undefined : recipients
  }

  #delay({ record }: AttemptResult, again: RecipientList): number | undefined {
    // What a stream gave is gone.
    if (record && this.#cargo?.isSpent(record)) return undefined
    const { retry } = this.#settings
    if (this.#repetitions >= retry.times) return undefined
    const waits = again.map(({ retryAfter }) => waitFor(retryAfter))
    const delay = Math.max(backoff(retry, this.#repetitions), ...waits)
    if (!this.#isInTime(delay)) return undefined
    this.#repetitions += 1
    return delay
  }

  #isInTime(delay: number): boolean {
    return performance.now() - this.#began + delay <= this.#settings.retry.within
  }

  #errorOf(verdict: RecipientList[number]): DeliveryError {
    const { attempts, recipients } = this
    const messageId = this.#message.messageId ?? ''
    return new DeliveryError({ ...failureOf(verdict), attempts, messageId, recipients })
  }
}

const handedOver = {
  stage: 'final',
  from: '',
  failure: { reason: 'lost' },
  isSourceRead: true,
  isDotWritten: true,
} as const

function waitFor(retryAfter: Date | undefined): number {
  return retryAfter ? retryAfter.getTime() - Date.now() : 0
}

function senderOf(message: MailgunMessage): string {
  return envelopeOf(message).from
}
