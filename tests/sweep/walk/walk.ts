import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import {
  createMailer,
  DeliveryError,
  type BatchReport,
  type Mailer,
  type MailgunMessage,
  type RecipientResult,
} from '@mailgun-smtp/core'
import { chances } from '../scene/seed.ts'
import { kinds, type Kind } from './kinds.ts'
import { LedgerServer, type Orders } from './ledger-server.ts'

/** What was found. */
export interface Findings {
  readonly sends: number
  readonly kinds: number
  readonly violations: readonly string[]
}

/** How a mailer is made for the walk. */
const ways = [
  { name: 'single', pool: false },
  { name: 'pool', pool: true },
] as const

/** How a message is sent. */
const manners = ['send', 'keyed', 'batch', 'stream', 'abort', 'large'] as const

type Manner = (typeof manners)[number]

const login = { user: 'canary-login@mg.test', pass: 'canary-pass' }

/** Sends so many messages to servers that misbehave, and checks what is said of each against their ledgers. */
export async function walk(sends: number, seed: number, lanes = 8): Promise<Findings> {
  const violations: string[] = []
  const seen = new Set<Kind>()
  const stray = (error: unknown): void => void violations.push(`nothing caught: ${String(error)}`)
  process.on('unhandledRejection', stray)
  process.on('uncaughtException', stray)
  try {
    let next = 0
    const walkLane = async (lane: number): Promise<void> => {
      for (const way of ways) {
        await using walker = await Walker.open(way, chances(seed + lane * 7919), violations)
        const share = Math.ceil(sends / (lanes * ways.length))
        for (let done = 0; done < share; done += 1) {
          const number = next++
          const kind = kinds[(number * 101 + seed) % kinds.length]
          if (kind) seen.add(kind)
          await walker.step(kind, manners[number % manners.length] ?? 'send')
        }
      }
    }
    await Promise.all(Array.from({ length: lanes }, (_, lane) => walkLane(lane)))
    return { sends: next, kinds: seen.size, violations }
  } finally {
    process.off('unhandledRejection', stray)
    process.off('uncaughtException', stray)
  }
}

const beforeMail: ReadonlySet<string> = new Set(['greeting', 'ehlo', 'auth'])

/** What was said of a message. */
interface Said {
  readonly messageId: string | undefined
  readonly recipients: readonly RecipientResult[]
  readonly error: DeliveryError | undefined
}

class Walker implements AsyncDisposable {
  readonly #server: LedgerServer
  #mailer: Mailer
  readonly #name: string
  readonly #pool: boolean
  readonly #chance: () => number
  readonly #violations: string[]
  /** Looked at again at the end: nothing may arrive late. */
  readonly #promises: { readonly what: string; readonly said: Said; readonly saidNo: boolean }[] =
    []

  private constructor(
    server: LedgerServer,
    way: (typeof ways)[number],
    chance: () => number,
    violations: string[],
  ) {
    this.#server = server
    this.#name = way.name
    this.#chance = chance
    this.#violations = violations
    this.#pool = way.pool
    this.#mailer = this.#newMailer()
  }

  #newMailer(): Mailer {
    return createMailer({
      host: '127.0.0.1',
      port: this.#server.port,
      secure: false,
      requireTLS: false,
      auth: login,
      pool: this.#pool,
      maxConnections: 2,
      deadlines: { connect: 400, greeting: 150, untilBody: 250, body: 400, afterDot: 150 },
      retry: { times: 2, baseDelay: 1, within: 4000 },
    })
  }

  static async open(
    way: (typeof ways)[number],
    chance: () => number,
    violations: string[],
  ): Promise<Walker> {
    return new Walker(await LedgerServer.open(), way, chance, violations)
  }

  /** One message under one fault. */
  async step(kind: Kind | undefined, manner: Manner): Promise<void> {
    const to = Array.from(
      { length: 1 + this.#below(3) },
      (_, place) => `canary-to${place}-${randomUUID().slice(0, 8)}@far.test`,
    )
    const orders = this.#orders(kind, to)
    const what = `${this.#name} ${manner} to ${to.length}: ${kind?.name ?? 'nothing'} at ${kind?.at ?? '-'} ×${orders.times} from ${orders.from}, ${orders.takes ? 'taken' : 'not taken'}, ${[...orders.refusals.values()].join()}`
    this.#server.order(orders)
    try {
      if (manner === 'batch') await this.#batch(to, what)
      else await this.#send(to, manner, what)
    } catch (error) {
      this.#violations.push(`${what}: ${inspect(error)}`)
    }
    // A refused login is not tried again for a minute, nor a port that failed for a while: the next message needs another mailer.
    if (kind && beforeMail.has(kind.at)) {
      await this.#mailer.close({ within: 500 })
      this.#mailer = this.#newMailer()
    }
  }

  #orders(kind: Kind | undefined, to: readonly string[]): Orders {
    const refusals = new Map<string, string[]>()
    for (const address of to.slice(1)) {
      const lot = this.#chance()
      if (lot < 0.15) refusals.set(address, ['550 5.1.1'])
      else if (lot < 0.3) refusals.set(address, ['450 4.2.1'])
      else if (lot < 0.35) refusals.set(address, ['450', '450', '450', '450'])
    }
    return {
      kind,
      times: [1, 1, 2, 9][this.#below(4)] ?? 1,
      from: this.#below(5) === 0 ? 1 : 0,
      takes: this.#chance() < 0.5,
      refusals,
    }
  }

  #below(end: number): number {
    return Math.floor(this.#chance() * end)
  }

  async #send(to: readonly string[], manner: Manner, what: string): Promise<void> {
    const messageId = `<${randomUUID()}@mg.test>`
    const message: MailgunMessage = {
      from: 'canary-from@mg.test',
      to: [...to],
      messageId,
      subject: 'canary-subject',
      text: 'canary-body',
      ...(manner === 'stream' && {
        attachments: [{ filename: 'a.txt', content: Readable.from([Buffer.from('canary-body')]) }],
      }),
      ...(manner === 'large' && {
        attachments: [{ filename: 'a.bin', content: Buffer.alloc(400_000, 'canary-body') }],
      }),
    }
    const controller = new AbortController()
    const timer =
      manner === 'abort' ? setTimeout(() => controller.abort(), this.#below(12)) : undefined
    const settings = {
      ...(manner === 'abort' && { signal: controller.signal }),
      ...(manner === 'keyed' && { idempotencyKey: messageId }),
    }
    const said = await this.#said(() => this.#mailer.send(message, settings))
    clearTimeout(timer)
    this.#check(said, { to, messageId, what })
    if (manner === 'keyed') {
      // Asked again, it is sent to those who are deferred, and to nobody else.
      const again = await this.#said(() =>
        this.#mailer.send({ ...message, messageId: `<${randomUUID()}@mg.test>` }, settings),
      )
      const id = again.messageId ?? messageId
      this.#check(again, { to, messageId: id, what: `${what}, again`, before: messageId })
    }
  }

  async #said(
    send: () => Promise<{ messageId: string; recipients: readonly RecipientResult[] }>,
  ): Promise<Said> {
    try {
      const { messageId, recipients } = await send()
      return { messageId, recipients, error: undefined }
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      return { messageId: error.messageId, recipients: error.recipients, error }
    }
  }

  async #batch(to: readonly string[], what: string): Promise<void> {
    const key = randomUUID()
    for (const run of [1, 2, 3]) {
      const reports: BatchReport[] = []
      const message = {
        from: 'canary-from@mg.test',
        subject: 'canary-subject',
        text: 'canary-body',
      }
      await this.#mailer
        .sendBatch(
          message,
          to.map((address) => ({ to: address })),
          { key, onReport: (report) => void reports.push(report) },
        )
        .catch((error: unknown) => {
          if (!(error instanceof Error) || !('summary' in error)) throw error
        })
      if (reports.map((report) => report.to).join() !== to.join()) {
        this.#violations.push(`${what}: the reports are not the recipients, once each`)
      }
      for (const { to: address, outcome, error } of reports) {
        this.#judge(outcome, this.#server.copies(address), `${what}, run ${run}`)
        if (error instanceof DeliveryError) this.#lookForLeaks(error, what)
      }
      if (!reports.some(({ outcome }) => outcome === 'deferred')) return
    }
  }

  #check(
    said: Said,
    {
      to,
      messageId,
      what,
      before,
    }: { to: readonly string[]; messageId: string; what: string; before?: string },
  ): void {
    const { recipients, error } = said
    const saidNo = this.#server.saidNo
    if (
      recipients
        .map(({ address }) => address)
        .toSorted()
        .join() !== to.toSorted().join()
    ) {
      this.#violations.push(`${what}: the list is not the recipients, once each`)
    }
    if (said.messageId !== messageId && said.messageId !== before) {
      this.#violations.push(`${what}: another Message-ID`)
    }
    for (const { address, outcome } of recipients) {
      this.#judge(outcome, this.#server.copies(address), what)
      if (outcome === 'rejected' && !saidNo)
        this.#violations.push(`${what}: rejected without a 5yz`)
    }
    if (error) this.#lookForLeaks(error, what)
    this.#promises.push({ what, said, saidNo })
  }

  #judge(outcome: string, copies: number, what: string): void {
    if (copies > 1) this.#violations.push(`${what}: ${copies} copies`)
    if (outcome === 'accepted' && copies === 0)
      this.#violations.push(`${what}: accepted, and not taken`)
    if ((outcome === 'rejected' || outcome === 'deferred') && copies > 0) {
      this.#violations.push(`${what}: ${outcome}, and taken`)
    }
  }

  #lookForLeaks(error: DeliveryError, what: string): void {
    const shown = [
      String(error),
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: 9 }),
      inspect(error.cause),
      JSON.stringify(error.reply),
    ].join('\n')
    const leak = /canary-[\w-]*/i.exec(shown.replaceAll(String(error.messageId), ''))?.[0]
    if (leak !== undefined) this.#violations.push(`${what}: shows ${leak}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.order({ kind: undefined, times: 0, from: 0, takes: true, refusals: new Map() })
    await this.#mailer.close({ within: 500 })
    if (!(await this.#server.isDeserted()))
      this.#violations.push(`${this.#name}: a connection is left`)
    for (const { what, said } of this.#promises) {
      for (const { address, outcome } of said.recipients) {
        const copies = this.#server.copies(address)
        if (copies > 1 || (outcome === 'rejected' && copies > 0)) {
          this.#violations.push(`${what}: ${outcome}, and ${copies} copies at the end`)
        }
      }
    }
    await this.#server[Symbol.asyncDispose]()
  }
}
