import type {
  ClockSummary,
  EmulatorSummary,
  FaultEntry,
  FaultList,
  FaultSummary,
  LedgerSummary,
  CopyDetail,
  CopyList,
  CopySummary,
  MimePartSummary,
  SessionDetail,
  SessionList,
  SessionSummary,
  SubmissionDetail,
  SubmissionList,
  SubmissionSummary,
} from '../http/answers.ts'
import type { LedgerFilter } from '../records/ledger.ts'
import { Api, EmulatorRequestError, type ApiRequest } from './api.ts'
import { queryOf, type ClientFilter } from './message-query.ts'

/** How long to wait for a message. */
export interface ClientWaitSettings {
  /** In milliseconds, up to 60,000. Default: 2000. */
  readonly timeout?: number | undefined
  /** Only mail that arrived after this one (an id), or after this time, counts; the first that did is given. */
  readonly after?: string | Date | undefined
  readonly signal?: AbortSignal | undefined
}

/** How long to make sure that no message comes. */
export interface ClientNoneSettings {
  /** In milliseconds, up to 60,000. Default: 100. */
  readonly timeout?: number | undefined
  /** @deprecated Renamed to `timeout`. */
  readonly within?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * An emulator in another process, looked at and moved by HTTP. Every answer is plain JSON, so it can be handed on.
 *
 * Each method rejects with an `EmulatorRequestError` if the emulator refuses.
 */
export interface EmulatorClient {
  /** The inbox page. */
  readonly url: string
  /** Where the emulator listens, and for which domains. */
  info(): Promise<EmulatorSummary>
  /** All that fit, newest first. */
  list(filter?: ClientFilter): Promise<readonly CopySummary[]>
  get(messageId: string): Promise<CopyDetail>
  /** The source of one recipient's copy. */
  source(messageId: string): Promise<string>
  /** What a copy consists of, part by part. */
  mime(messageId: string): Promise<MimePartSummary>
  /** The page that draws the message's HTML, for a browser to open: without scripts, and with links in new tabs. */
  htmlUrl(messageId: string): string
  /**
   * The newest message that fits, or the next one to come.
   *
   * @throws {EmulatorRequestError} named `TimeoutError` when none came in time; it tells the nearest messages.
   */
  waitFor(filter: ClientFilter, settings?: ClientWaitSettings): Promise<CopyDetail>
  /**
   * Resolves when no message that fits is there, nor has come in the time given.
   *
   * @throws {Error} as soon as one is there.
   */
  waitForNone(filter: ClientFilter, settings?: ClientNoneSettings): Promise<void>
  /**
   * Newest first.
   *
   * @param search as in the search box of the inbox page: `tag:welcome is:unread -has:attachment`.
   */
  submissions(search?: string): Promise<readonly SubmissionSummary[]>
  /** A submission with its options and diagnostics, and the state of each copy. */
  submission(id: string): Promise<SubmissionDetail>
  /** Deletes a submission with its copies, in a folder its files, too. */
  delete(submissionId: string): Promise<void>
  /** Deletes all mail. */
  empty(): Promise<void>
  readonly faults: ClientFaults
  readonly clock: ClientClock
  /** Who got how many copies. */
  ledger(filter?: LedgerFilter): Promise<LedgerSummary>
  /** Newest first. */
  sessions(): Promise<readonly SessionSummary[]>
  /** A conversation line by line, without password and body. */
  session(id: string): Promise<SessionDetail>
}

/** The emulator's faults, as a list. */
export interface ClientFaults {
  /** Those that may still strike. */
  list(): Promise<readonly FaultSummary[]>
  /** Puts these in place of all that were called up: the whole list, or none of it. */
  replace(faults: readonly FaultEntry[]): Promise<readonly FaultSummary[]>
  /** Calls one up beside the others. */
  add(fault: FaultEntry): Promise<readonly FaultSummary[]>
  clear(): Promise<void>
}

/** The emulator's clock. */
export interface ClientClock {
  now(): Promise<Date>
  /**
   * Moves the time on, by milliseconds or such as `'3h'`, and does what falls due on the way; resolves to the new time.
   *
   * @throws {EmulatorRequestError} unless the emulator was started with a virtual clock.
   */
  advance(duration: number | string): Promise<Date>
}

/**
 * A client for the emulator whose inbox is at this address.
 *
 * @throws {TypeError} if it is not such an address.
 */
export function createEmulatorClient(url: string): EmulatorClient {
  return new HttpClient(new Api(url))
}

class HttpClient implements EmulatorClient {
  readonly url: string
  readonly faults: ClientFaults
  readonly clock: ClientClock
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
    this.url = api.base.replace(/\/$/, '')
    this.faults = faultsOf(api)
    this.clock = clockOf(api)
  }

  info(): Promise<EmulatorSummary> {
    return this.#api.ask({ path: '/info' })
  }

  async list(filter: ClientFilter = {}): Promise<readonly CopySummary[]> {
    const found: CopySummary[] = []
    const query = queryOf(filter)
    for (let before: string | undefined; ;) {
      const page = await this.#api.ask<CopyList>({ path: '/messages', query: { ...query, before } })
      found.push(...page.messages)
      if (page.next === null) return found
      before = page.next
    }
  }

  get(messageId: string): Promise<CopyDetail> {
    return this.#api.ask({ path: `/messages/${segment(messageId)}` })
  }

  source(messageId: string): Promise<string> {
    return this.#api.askText({ path: `/messages/${segment(messageId)}/raw` })
  }

  mime(messageId: string): Promise<MimePartSummary> {
    return this.#api.ask({ path: `/messages/${segment(messageId)}/mime` })
  }

  htmlUrl(messageId: string): string {
    return this.#api.urlOf({ path: `/messages/${segment(messageId)}/html` })
  }

  waitFor(
    filter: ClientFilter,
    { timeout = 2_000, after, signal }: ClientWaitSettings = {},
  ): Promise<CopyDetail> {
    return this.#wait({ filter, timeout, after, signal })
  }

  async waitForNone(
    filter: ClientFilter,
    { within = 100, timeout = within, signal }: ClientNoneSettings = {},
  ): Promise<void> {
    const found = await this.#wait({ filter, timeout, signal }).catch((error: unknown) => {
      if (error instanceof EmulatorRequestError && error.timedOut) return undefined
      throw error
    })
    if (!found) return
    throw new Error(
      `Wanted no such message, and there is '${found.subject}' to ${found.recipient}.`,
    )
  }

  async submissions(search?: string): Promise<readonly SubmissionSummary[]> {
    const found: SubmissionSummary[] = []
    for (let before: string | undefined; ;) {
      const query = { q: search, before }
      const page = await this.#api.ask<SubmissionList>({ path: '/submissions', query })
      found.push(...page.submissions)
      if (page.next === null) return found
      before = page.next
    }
  }

  submission(id: string): Promise<SubmissionDetail> {
    return this.#api.ask({ path: `/submissions/${segment(id)}` })
  }

  delete(submissionId: string): Promise<void> {
    return this.#api.ask({ method: 'DELETE', path: `/submissions/${segment(submissionId)}` })
  }

  empty(): Promise<void> {
    return this.#api.ask({ method: 'DELETE', path: '/submissions' })
  }

  ledger({ messageId, recipient }: LedgerFilter = {}): Promise<LedgerSummary> {
    return this.#api.ask({ path: '/ledger', query: { messageId, recipient } })
  }

  async sessions(): Promise<readonly SessionSummary[]> {
    return (await this.#api.ask<SessionList>({ path: '/sessions' })).sessions
  }

  session(id: string): Promise<SessionDetail> {
    return this.#api.ask({ path: `/sessions/${segment(id)}` })
  }

  async #wait({
    filter,
    timeout,
    after,
    signal,
  }: Pick<ApiRequest, 'signal'> & {
    readonly filter: ClientFilter
    readonly timeout: number
    readonly after?: string | Date | undefined
  }): Promise<CopyDetail> {
    const since = after instanceof Date ? after.toISOString() : after
    const query = { ...queryOf(filter), timeout, after: since }
    return this.#api.ask({ path: '/wait', query, signal })
  }
}

function faultsOf(api: Api): ClientFaults {
  const path = '/faults'
  return {
    list: async () => (await api.ask<FaultList>({ path })).faults,
    replace: async (faults) =>
      (await api.ask<FaultList>({ method: 'PUT', path, body: faults })).faults,
    add: async (fault) => (await api.ask<FaultList>({ method: 'POST', path, body: fault })).faults,
    clear: () => api.ask({ method: 'DELETE', path }),
  }
}

function clockOf(api: Api): ClientClock {
  const path = '/clock'
  return {
    now: async () => new Date((await api.ask<ClockSummary>({ path })).now),
    advance: async (duration) => {
      const body = { advance: duration }
      return new Date((await api.ask<ClockSummary>({ method: 'POST', path, body })).now)
    },
  }
}

function segment(id: string): string {
  return encodeURIComponent(id)
}
