import type {
  FaultParty,
  RecipientResult,
  RefusedRecipient,
  Reply,
  DeliveryCause,
  DeliveryErrorCode,
} from './outcome.ts'

export type { DeliveryCause, DeliveryErrorCode } from './outcome.ts'

/** The code of a `BatchError`. */
export type BatchErrorCode = 'ERR_MAILGUN_BATCH_STOPPED' | 'ERR_MAILGUN_BATCH_CHANGED'

/** Every code, with the page of its cure under `docs/errors.md#<code>`. */
export type MailgunErrorCode =
  | ConfigErrorCode
  | InvalidOptionCode
  | DeliveryErrorCode
  | BatchErrorCode

// Bundlers do load a module three times, so a class is recognised by this brand and not by its identity.
const brand = Symbol.for('@mailgun-smtp/core/error')

function isBranded(value: unknown, kind: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  const kinds: unknown = Reflect.get(value, brand)
  return Array.isArray(kinds) && kinds.includes(kind)
}

/** The base of every error this package throws. `instanceof` holds across copies of the package. */
export class MailgunError extends Error {
  static readonly kind: string = 'MailgunError'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.hasOwn(this, 'kind')
      ? isBranded(value, this.kind)
      : Function.prototype[Symbol.hasInstance].call(this, value)
  }

  /** Stable; a heading of `docs/errors.md`. */
  readonly code: MailgunErrorCode

  constructor(code: MailgunErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    const kinds: string[] = []
    for (
      let kind: unknown = new.target;
      typeof kind === 'function';
      kind = Object.getPrototypeOf(kind)
    ) {
      if (Object.hasOwn(kind, 'kind')) kinds.push(String(Reflect.get(kind, 'kind')))
    }
    Object.defineProperty(this, brand, { value: kinds })
    Object.defineProperty(this, 'name', { value: kinds[0], configurable: true, writable: true })
  }
}

/** The code of a {@link ConfigError}. */
export type ConfigErrorCode =
  | 'ERR_MAILGUN_CONFIG'
  | 'ERR_MAILGUN_CLOSED'
  | 'ERR_MAILGUN_DUPLICATE_MAILER'
  | 'ERR_MAILGUN_UNKNOWN_MAILER'
  | 'ERR_MAILGUN_VIEW_ENGINE'

/** The config cannot lead to a connection, or what was set up does not fit together. Thrown before anything is opened. */
export class ConfigError extends MailgunError {
  static override readonly kind: string = 'ConfigError'

  declare readonly code: ConfigErrorCode

  constructor(message: string, code: ConfigErrorCode = 'ERR_MAILGUN_CONFIG') {
    super(code, message)
  }
}

/** The code of an {@link InvalidOptionError}. */
export type InvalidOptionCode =
  | 'ERR_MAILGUN_INVALID_OPTION'
  | 'ERR_MAILGUN_UNKNOWN_OPTION'
  | 'ERR_MAILGUN_INVALID_MESSAGE'
  | 'ERR_MAILGUN_FOREIGN_HEADER'
  | 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH'

/** An option or a field of the message that cannot be sent as meant. It names the path and the rule, never the value. */
export class InvalidOptionError extends MailgunError {
  static override readonly kind: string = 'InvalidOptionError'

  declare readonly code: InvalidOptionCode

  /** Where the value is, such as `tags[2]`. */
  readonly path: string
  /** What the value must be. */
  readonly rule: string

  constructor(path: string, rule: string, code: InvalidOptionCode = 'ERR_MAILGUN_INVALID_OPTION') {
    super(code, `${path} ${rule}`)
    this.path = path
    this.rule = rule
  }
}

/** What a {@link DeliveryError} is made of. */
export interface DeliveryFailure {
  readonly code: DeliveryErrorCode
  readonly outcome: 'rejected' | 'deferred' | 'unknown'
  readonly fault: FaultParty
  readonly retryable: boolean
  /** What happened, in a sentence. */
  readonly message: string
  /** What to do, in a sentence or more. */
  readonly cure: string
  readonly attempts: number
  readonly reply?: Reply | undefined
  readonly retryAfter?: Date | undefined
  readonly messageId?: string | undefined
  /** Every recipient of the message, once, with the last thing known. */
  readonly recipients?: readonly RecipientResult[] | undefined
  readonly cause?: DeliveryCause | undefined
}

/** The same failure, with what is known now. What it says of recipients for the same reason changes with it. */
export function restate(error: DeliveryError, changes: Partial<DeliveryFailure>): DeliveryError {
  const { code = error.code, message = error.problem, cure = error.cure } = changes
  const recipients = error.recipients.map((one) =>
    one.code === error.code ? { ...one, code, problem: message, cure } : one,
  )
  return new DeliveryError({ ...failureIn(error), recipients, ...changes })
}

/** What an error is made of. */
export function failureIn(error: DeliveryError): DeliveryFailure {
  const { code, outcome, fault, retryable, problem, cure, attempts } = error
  const { reply, retryAfter, messageId, recipients, cause } = error
  return {
    code,
    outcome,
    fault,
    retryable,
    message: problem,
    cure,
    attempts,
    reply,
    retryAfter,
    messageId,
    recipients,
    cause: cause as DeliveryCause | undefined,
  }
}

/** Those of a list that are not accepted. */
export function refusedOf(recipients: readonly RecipientResult[]): RefusedRecipient[] {
  return recipients.filter((one): one is RefusedRecipient => one.outcome !== 'accepted')
}

/** The message was accepted for none of its recipients, or it cannot be known whether it was. */
export class DeliveryError extends MailgunError {
  static override readonly kind: string = 'DeliveryError'

  declare readonly code: DeliveryErrorCode

  /** Was it taken? `rejected`: no, and it never will be. `deferred`: surely not. `unknown`: all of it was handed over and no reply came. */
  readonly outcome: 'rejected' | 'deferred' | 'unknown'
  /** What is at fault. */
  readonly fault: FaultParty
  /** Whether sending the same message again, later, can succeed without causing a second copy. */
  readonly retryable: boolean
  /** What happened: the message without the cure. Not enumerable, as the message says it. */
  declare readonly problem: string
  /** What to do now. */
  readonly cure: string
  /** How many times it was tried. */
  readonly attempts: number
  /** When Mailgun said it may be tried again. */
  readonly retryAfter?: Date
  /** What the server answered. */
  readonly reply?: Reply
  /** The Message-ID, with its angle brackets. */
  readonly messageId?: string
  /** Every recipient of the message, once, with the last thing known. Not enumerable, so that no log shows an address. */
  declare readonly recipients: readonly RecipientResult[]

  constructor(failure: DeliveryFailure) {
    super(failure.code, `${failure.message} ${failure.cure}`, { cause: failure.cause })
    this.outcome = failure.outcome
    this.fault = failure.fault
    this.retryable = failure.retryable
    this.cure = failure.cure
    this.attempts = failure.attempts
    if (failure.retryAfter) this.retryAfter = failure.retryAfter
    if (failure.reply) this.reply = failure.reply
    if (failure.messageId) this.messageId = failure.messageId
    Object.defineProperty(this, 'problem', { value: failure.message })
    Object.defineProperty(this, 'recipients', { value: failure.recipients ?? [] })
  }

  /** The recipients that are not accepted: of an error, all of them. */
  get refused(): readonly RefusedRecipient[] {
    return refusedOf(this.recipients)
  }

  /** Plain data for a log: no address, no body, no secret. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, outcome, fault, retryable, attempts, messageId } = this
    const { reply, retryAfter } = this
    return {
      name,
      code,
      message,
      outcome,
      fault,
      retryable,
      attempts,
      messageId,
      reply,
      retryAfter,
    }
  }
}
