import { setTimeout as pause } from 'node:timers/promises'
import type { DeliveryError } from '../outcome/errors.ts'
import type { MailgunMessage } from '../message/message.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { Halt } from '../session/halt.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'
import { Course, type AttemptResult, type CourseSettings, type CourseWishes } from './course.ts'
import type { ResolvedDeadlines } from '../config/deadlines.ts'
import { halted } from '../outcome/halts.ts'
import type { RecipientList } from '../outcome/recipient-list.ts'
import { Interruption, sharedController } from './interruption.ts'
import { LoginWatch } from './login-watch.ts'
import { Queue } from './queue.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** How messages are handed over. */
export interface DeliverySettings extends CourseSettings {
  readonly deadlines: ResolvedDeadlines
  readonly limiter?: RateLimiter | undefined
  /** How many messages are handed over at once. */
  readonly concurrency: number
  /** How many more may wait. */
  readonly maxQueue: number
}

/** What one message asks for. */
export interface Job extends CourseWishes {
  readonly signal?: AbortSignal | undefined
  /** Awaited before each attempt. */
  readonly beforeAttempt?:
    | ((attempt: number, recipients: RecipientList) => Promise<void> | void)
    | undefined
  /** Told of the facts of each attempt. */
  readonly onRecord?: ((record: TransactionRecord) => void) | undefined
  /** Awaited before the final dot, with what is known of every recipient if its reply is lost. */
  readonly beforeDot?: ((ifLost: RecipientList) => Promise<void>) | undefined
}

/** Hands messages over: in turn, within deadlines, and again if that cannot cause a second copy. */
export class Delivery {
  readonly #settings: DeliverySettings
  readonly #queue: Queue
  readonly #login = new LoginWatch()
  /** Ends what waits. */
  readonly #closing = sharedController()
  /** What is being handed over. */
  readonly #running = new Set<Halt>()

  constructor(settings: DeliverySettings) {
    this.#settings = settings
    this.#queue = new Queue(settings.concurrency, settings.maxQueue)
  }

  /** @throws {MailgunError} if the message was not accepted in the end. */
  async deliver(message: MailgunMessage, job: Job = {}): Promise<Receipt> {
    const { signal } = job
    const course = new Course(message, this.#settings, job)
    const interruption = new Interruption([...(signal ? [signal] : []), this.#closing.signal])
    try {
      for (;;) {
        const attempt = await this.#attempt(course, job, interruption)
        const isLast = attempt.isLocal || interruption.source !== undefined
        const delay = isLast ? course.end(attempt) : course.next(attempt)
        if (delay === undefined) return course.result()
        if (delay > 0) await pause(delay, undefined, { signal: interruption.signal })
      }
    } catch (error) {
      if (!isAbort(error)) throw error
      return course.interrupted(reasonOf(interruption, signal))
    } finally {
      interruption.release()
      course.release()
    }
  }

  /** Takes no more, refuses what waits, and after so many milliseconds ends what is being handed over. */
  close(within: number): () => void {
    this.#closing.abort(halted('shutdown'))
    const timer = setTimeout(() => {
      for (const halt of this.#running) halt.stop('closed')
    }, within)
    return () => clearTimeout(timer)
  }

  /** One attempt, when its turn has come. */
  async #attempt(course: Course, job: Job, interruption: Interruption): Promise<AttemptResult> {
    const { signal } = job
    let entered = false
    let begun = false
    let proving = false
    let giveTurn: (() => void) | undefined
    try {
      if (interruption.source) throw reasonOf(interruption, signal)
      const place = this.#queue.enter(interruption)
      if (place) await place
      entered = true
      if (!this.#login.isProven) proving = await this.#login.enter(interruption)
      if (this.#settings.limiter) giveTurn = await this.#settings.limiter.take(interruption)
      const ready = job.beforeAttempt?.(course.attempts + 1, course.recipients)
      if (ready) await ready
      if (interruption.source) throw reasonOf(interruption, signal)
      begun = true
      course.begin()
      const record = await this.#handOver(course, job)
      const refusedLogin = course.refusedLogin(record)
      if (refusedLogin) {
        this.#login.refuse(refusedLogin)
        proving = false
      }
      return { record, isLocal: false }
    } catch (error) {
      const isInterrupted = !begun && interruption.source !== undefined
      return { error: isInterrupted ? reasonOf(interruption, signal) : error, isLocal: !begun }
    } finally {
      // What failed was not the login: no reason for the others to wait.
      if (proving) this.#login.open()
      giveTurn?.()
      if (entered) this.#queue.leave()
    }
  }

  async #handOver(
    course: Course,
    { signal, beforeDot, onRecord }: Job,
  ): Promise<TransactionRecord> {
    const halt = new Halt()
    const abort = (): void => halt.stop('aborted')
    signal?.addEventListener('abort', abort)
    this.#running.add(halt)
    halt.beginUntilBody(this.#settings.deadlines.untilBody)
    try {
      const record = await course.handOver({
        halt,
        onLoggedIn: () => this.#login.open(),
        beforeDot: beforeDot && ((replies) => beforeDot(course.ifLost(replies))),
      })
      onRecord?.(record)
      return record
    } finally {
      halt.release()
      this.#running.delete(halt)
      signal?.removeEventListener('abort', abort)
    }
  }
}

function reasonOf({ source }: Interruption, signal: AbortSignal | undefined): DeliveryError {
  return halted(source !== undefined && source === signal ? 'aborted' : 'shutdown')
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
