import { realClock, type Clock } from '../clock.ts'
import { BodyCache } from '../mail/body-cache.ts'
import type { CopyContext } from '../mail/copy-context.ts'
import type { ReceivedCopy } from '../mail/copy.ts'
import type { Copy, Submission } from '../mail/message.ts'
import { OpensAndClicks, type Click, type Open } from '../tracking/opens-and-clicks.ts'
import { ReceivedSubmission } from '../mail/submission.ts'
import {
  TrackingAddresses,
  type Tracked,
  type TrackedKind,
} from '../tracking/tracking-addresses.ts'
import type { Delivery } from '../smtp/policy.ts'
import { DueTimes } from './due-times.ts'
import type { InboxEvent, Mailbox } from './mailbox.ts'
import { MailFolder } from './mail-folder.ts'
import { matching, type CopyCondition } from './matching.ts'

export type { InboxEvent } from './mailbox.ts'

/** How much an inbox keeps; the oldest submissions go first, the newest always stays. */
export interface Retention {
  /** Submissions. */
  readonly messages: number
  readonly bytes: number
  /** A folder to keep the mail in from one start to the next. */
  readonly directory?: string | undefined
}

/** Of each kind of what is worked out of bodies. A body that is larger is kept until the next one is looked at. */
const cacheLimits = { entries: 50, bytes: 16_000_000 }

/** What the mail of an inbox is worked out with; nothing is tracked, and nothing known of recipients, by default. */
export interface InboxSetup extends Partial<
  Omit<CopyContext, 'caches' | 'clock' | 'addresses' | 'opensAndClicks'>
> {
  /** Of the server that answers for tracked links, once it listens. */
  readonly httpUrl?: (() => string | undefined) | undefined
  /** Default: the machine's time. */
  readonly clock?: Clock | undefined
}

/** What SMTP accepted, in memory, and in a folder if there is one. */
export class Inbox implements Mailbox {
  readonly #retention: Retention
  readonly #context: CopyContext
  readonly #dueTimes: DueTimes
  readonly #folder: MailFolder | undefined
  // In order of arrival, which is the order a Map keeps.
  readonly #submissions = new Map<string, ReceivedSubmission>()
  readonly #listeners = new Set<(event: InboxEvent) => void>()
  #lastRead: { readonly delivery: Delivery; readonly submission: ReceivedSubmission } | undefined
  /** Ids of submissions that a reader of the inbox has seen. */
  readonly #seen = new Set<string>()
  #bytes = 0
  #forgotten = 0
  #isClosed = false

  /** @throws {Error} if the folder cannot be used. */
  constructor(retention: Retention, setup: InboxSetup = {}) {
    const { clock = realClock(), diagnose = () => [] } = setup
    this.#retention = retention
    this.#context = {
      clock,
      caches: {
        contents: new BodyCache(cacheLimits),
        trees: new BodyCache(cacheLimits),
        texts: new BodyCache(cacheLimits),
        templates: new BodyCache(cacheLimits),
      },
      addresses: new TrackingAddresses(setup.httpUrl ?? (() => undefined)),
      opensAndClicks: new OpensAndClicks(),
      tracking: setup.tracking ?? (() => undefined),
      sending: setup.sending ?? (() => undefined),
      mx: setup.mx ?? (() => undefined),
      engagement: setup.engagement ?? (() => undefined),
      diagnose,
    }
    this.#dueTimes = new DueTimes(clock, (submission, copies) =>
      this.#tell({ type: 'delivery', submission, copies }),
    )
    if (retention.directory === undefined) return
    this.#folder = new MailFolder(retention.directory)
    for (const kept of this.#folder.read()) {
      this.#keep(new ReceivedSubmission(kept, this.#context))
      this.#forgetOldest()
    }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get submissions(): readonly ReceivedSubmission[] {
    return [...this.#submissions.values()]
  }

  get copies(): readonly Copy[] {
    return this.submissions.flatMap(({ copies }) => copies)
  }

  /** How many submissions had to make room for newer ones since the last reset. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** How many submissions no reader of the inbox has seen. */
  get unread(): number {
    return this.#submissions.size - this.#seen.size
  }

  isRead(id: string): boolean {
    return this.#seen.has(id)
  }

  find(condition: CopyCondition): readonly Copy[] {
    return matching(this.submissions, condition)
  }

  /** A submission that is not kept yet. */
  read(delivery: Delivery): ReceivedSubmission {
    const submission = new ReceivedSubmission(delivery, this.#context)
    this.#lastRead = { delivery, submission }
    return submission
  }

  /**
   * Keeps a submission: the same that was read, if it was.
   *
   * @throws {Error} if it cannot be written to the folder; then it is not kept.
   */
  add(delivery: Delivery): ReceivedSubmission {
    const known = this.#lastRead
    const submission = known?.delivery === delivery ? known.submission : this.read(delivery)
    this.#lastRead = undefined
    this.#folder?.write(submission)
    this.#keep(submission)
    this.#tell({ type: 'submission', submission })
    this.#forgetOldest()
    return submission
  }

  submission(id: string): ReceivedSubmission | undefined {
    return this.#submissions.get(id)
  }

  /** The copy and the place of the link that a tracking address names; undefined for a token that none has. */
  tracked(
    kind: TrackedKind,
    token: string,
  ): (Pick<Tracked, 'link'> & { readonly copy: ReceivedCopy }) | undefined {
    const named = this.#context.addresses.read(kind, token)
    const copy = named && this.copy(named.copyId)
    return copy && { copy, link: named.link }
  }

  /** Notes what a recipient did with a copy; with one that is not theirs yet they cannot have done anything. */
  note(copy: ReceivedCopy, what: Omit<Open, 'at'> | Omit<Click, 'at'>): void {
    if (copy.state !== 'delivered') return
    this.#context.opensAndClicks.note(copy.id, { ...what, at: this.#context.clock.now() })
    this.#tell({ type: 'activity', submission: copy.submission, copy })
  }

  copy(id: string): ReceivedCopy | undefined {
    const [submissionId = ''] = id.split('-')
    return this.#submissions.get(submissionId)?.copies.find((copy) => copy.id === id)
  }

  /** Notes whether a reader of the inbox has seen a submission. */
  markRead(submission: Submission, isRead: boolean): void {
    if (!this.#submissions.has(submission.id) || this.isRead(submission.id) === isRead) return
    if (isRead) this.#seen.add(submission.id)
    else this.#seen.delete(submission.id)
    this.#tell({ type: 'read', submission, isRead })
  }

  delete(id: string): boolean {
    const submission = this.#submissions.get(id)
    if (!submission) return false
    this.#forget(submission)
    this.#tell({ type: 'deletion', submission })
    return true
  }

  /** The part of the inbox that a condition is true of. */
  view(isOwn: (submission: Submission) => boolean): Mailbox {
    const submissions = (): readonly ReceivedSubmission[] => this.submissions.filter(isOwn)
    const copies = (): readonly Copy[] => submissions().flatMap((each) => each.copies)
    const isClosed = (): boolean => this.#isClosed
    return {
      get submissions() {
        return submissions()
      },
      get copies() {
        return copies()
      },
      get isClosed() {
        return isClosed()
      },
      find: (condition) => matching(submissions(), condition),
      subscribe: (listener) =>
        this.subscribe((event) => {
          if (!('submission' in event) || isOwn(event.submission)) listener(event)
        }),
      delete: (id) => {
        const submission = this.#submissions.get(id)
        return submission !== undefined && isOwn(submission) && this.delete(id)
      },
      reset: () => this.reset(isOwn),
    }
  }

  /** Forgets all submissions, or those that a condition is true of. */
  reset(isGone: (submission: Submission) => boolean = () => true): void {
    for (const submission of this.#submissions.values()) {
      if (isGone(submission)) this.#forget(submission)
    }
    if (this.#submissions.size === 0) {
      this.#forgotten = 0
      for (const cache of Object.values(this.#context.caches)) cache.clear()
    }
    this.#tell({ type: 'reset' })
  }

  /** Tells every listener that nothing more will arrive. What has arrived can still be read. */
  close(): void {
    this.#isClosed = true
    this.#dueTimes.clear()
    this.#tell({ type: 'close' })
    this.#listeners.clear()
  }

  subscribe(listener: (event: InboxEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #keep(submission: ReceivedSubmission): void {
    this.#submissions.set(submission.id, submission)
    this.#bytes += submission.raw.length
    this.#dueTimes.watch(submission)
  }

  #tell(event: InboxEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #forgetOldest(): void {
    for (const submission of this.#submissions.values()) {
      const isFull =
        this.#submissions.size > this.#retention.messages || this.#bytes > this.#retention.bytes
      if (!isFull || this.#submissions.size === 1) return
      this.#forget(submission)
      this.#forgotten++
      this.#tell({ type: 'deletion', submission })
    }
  }

  #forget({ id, raw }: Submission): void {
    this.#submissions.delete(id)
    this.#seen.delete(id)
    this.#dueTimes.forget(id)
    this.#folder?.forget(id)
    this.#context.opensAndClicks.forget(id)
    this.#bytes -= raw.length
  }
}
