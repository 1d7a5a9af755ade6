import { realClock, type Clock } from '../clock.ts'
import { ContentCache } from '../mail/content.ts'
import type { CopyContext } from '../mail/copy-context.ts'
import { RecentMail } from '../mail/recent-mail.ts'
import type { Message } from '../mail/message.ts'
import type { Copy } from '../mail/copy.ts'
import { OpensAndClicks, type Click, type Open } from '../tracking/opens-and-clicks.ts'
import type { Submission } from '../mail/message.ts'
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
import { matching, type MessageCondition } from './message-filter.ts'

export type { InboxEvent } from './mailbox.ts'

/** How much an inbox keeps; the oldest submissions go first, the newest always stays. */
export interface Retention {
  /** Submissions. */
  readonly messages: number
  readonly bytes: number
  /** A folder to keep the mail in from one start to the next. */
  readonly directory?: string | undefined
}

/** What the mail of an inbox is worked out with; nothing is tracked, and nothing known of recipients, by default. */
export interface InboxSetup extends Partial<
  Omit<CopyContext, 'cache' | 'clock' | 'recent' | 'addresses' | 'opensAndClicks'>
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
  #bytes = 0
  #isClosed = false

  /** @throws {Error} if the folder cannot be used. */
  constructor(retention: Retention, setup: InboxSetup = {}) {
    const { clock = realClock(), diagnose = () => [] } = setup
    this.#retention = retention
    this.#context = {
      clock,
      cache: new ContentCache(),
      recent: new RecentMail(),
      addresses: new TrackingAddresses(setup.httpUrl ?? (() => undefined)),
      opensAndClicks: new OpensAndClicks(),
      tracking: setup.tracking ?? (() => undefined),
      sending: setup.sending ?? (() => undefined),
      mx: setup.mx ?? (() => undefined),
      engagement: setup.engagement ?? (() => undefined),
      diagnose,
    }
    this.#dueTimes = new DueTimes(clock, (submission, messages) =>
      this.#tell({ type: 'delivery', submission, messages }),
    )
    if (retention.directory === undefined) return
    this.#folder = new MailFolder(retention.directory)
    for (const kept of this.#folder.read()) this.#keep(new ReceivedSubmission(kept, this.#context))
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get submissions(): readonly Submission[] {
    return [...this.#submissions.values()]
  }

  get messages(): readonly Message[] {
    return this.submissions.flatMap(({ messages }) => messages)
  }

  find(condition: MessageCondition): readonly Message[] {
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
    return submission
  }

  submission(id: string): Submission | undefined {
    return this.#submissions.get(id)
  }

  /** The copy and the place of the link that a tracking address names; undefined for a token that none has. */
  tracked(
    kind: TrackedKind,
    token: string,
  ): (Pick<Tracked, 'link'> & { readonly copy: Copy }) | undefined {
    const named = this.#context.addresses.read(kind, token)
    const copy = named && this.message(named.copyId)
    return copy && { copy, link: named.link }
  }

  /** Notes what a recipient did with a copy; with one that is not theirs yet they cannot have done anything. */
  note(copy: Copy, what: Omit<Open, 'at'> | Omit<Click, 'at'>): void {
    if (copy.state !== 'delivered') return
    this.#context.opensAndClicks.note(copy.id, { ...what, at: this.#context.clock.now() })
    this.#tell({ type: 'activity', submission: copy.submission, message: copy })
  }

  message(id: string): Copy | undefined {
    const [submissionId = ''] = id.split('-')
    return this.#submissions.get(submissionId)?.messages.find((message) => message.id === id)
  }

  /** The part of the inbox that a condition is true of. */
  view(isOwn: (submission: Submission) => boolean): Mailbox {
    const submissions = (): readonly Submission[] => this.submissions.filter(isOwn)
    const messages = (): readonly Message[] => submissions().flatMap((each) => each.messages)
    const isClosed = (): boolean => this.#isClosed
    return {
      get submissions() {
        return submissions()
      },
      get messages() {
        return messages()
      },
      get isClosed() {
        return isClosed()
      },
      find: (condition) => matching(submissions(), condition),
      subscribe: (listener) =>
        this.subscribe((event) => {
          if (!('submission' in event) || isOwn(event.submission)) listener(event)
        }),
      reset: () => this.reset(isOwn),
    }
  }

  /** Forgets all submissions, or those that a condition is true of. */
  reset(isGone: (submission: Submission) => boolean = () => true): void {
    for (const submission of this.#submissions.values()) {
      if (isGone(submission)) this.#forget(submission)
    }
    if (this.#submissions.size === 0) {
      this.#context.cache.clear()
      this.#context.recent.clear()
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
    this.#forgetOldest()
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
    }
  }

  #forget({ id, raw }: Submission): void {
    this.#submissions.delete(id)
    this.#dueTimes.forget(id)
    this.#folder?.forget(id)
    this.#context.opensAndClicks.forget(id)
    this.#bytes -= raw.length
  }
}
