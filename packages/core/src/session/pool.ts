import { AttemptLog } from './attempt-log.ts'
import { Connection, type Destination, type Opening } from './connection.ts'
import { Halt } from './halt.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { PlaceLine } from './place-line.ts'
import { PortFallback } from './port-fallback.ts'
import { Refusal, SessionError } from './session-error.ts'
import type { Credentials, PoolSettings, SessionSettings } from './settings.ts'
import { TlsClient } from './tls.ts'
import { Transaction, type BeforeDot } from './transaction.ts'
import type { ServerReply, TransactionRecord } from './transaction-record.ts'

/** What one attempt asks for besides its message. */
export interface AttemptWishes {
  /** Ends it from this side. */
  readonly halt?: Halt | undefined
  /** Whether a kept connection will do. Default `true`. */
  readonly mayUseKept?: boolean | undefined
  /** Whether a port that has just failed for another attempt is not dialled again. Default `true`. */
  readonly usesMemory?: boolean | undefined
  /** Who logs in. Default: as the settings. A connection for another login is never kept. */
  readonly credentials?: Credentials | undefined
  readonly beforeDot?: BeforeDot | undefined
  readonly onLoggedIn?: (() => void) | undefined
}

/** In milliseconds. Mailgun's server ends an idle connection after 5 minutes, as its support said in 2013. */
const idleTime = 4 * 60_000

/** In milliseconds. A server that lives answers MAIL at once: it looks nothing up for it. */
const defaultPatience = 5000

/** How long the pool stays smaller after the server said "too many connections", in milliseconds. */
const shrunkTime = 60_000

type AttemptOpening = Omit<Opening, 'usesMemory'> & AttemptWishes & { readonly halt: Halt }

interface Idle {
  readonly connection: Connection
  readonly timer: NodeJS.Timeout
  readonly forget: () => void
}

/** The connections to one server. Each carries one message at a time; those that are kept let the process end. */
export class Pool {
  readonly #destination: Destination
  readonly #settings: PoolSettings
  readonly #line: PlaceLine
  /** The kept ones, the one last used at the end. */
  readonly #idle: Idle[] = []
  readonly #halts = new Set<Halt>()
  #size: number
  #growth: NodeJS.Timeout | undefined
  #isClosed = false
  readonly #onIdle: () => void

  /** @param onIdle Told whenever a message more could be handed over at once. */
  constructor(settings: SessionSettings, pool: PoolSettings, onIdle: () => void = () => undefined) {
    this.#onIdle = onIdle
    const { host, ports, tls } = settings
    this.#destination = {
      settings,
      ports: new PortFallback(ports),
      tls: new TlsClient(host, tls),
    }
    this.#settings = pool
    this.#size = pool.maxConnections
    this.#line = new PlaceLine(this.#size)
  }

  /** Whether a message would be handed over at once. */
  get isIdle(): boolean {
    return !this.#isClosed && !this.#line.isFull
  }

  /** Hands a message over, once. It never rejects: the record has the outcome. */
  async hand(message: OutgoingMessage, wishes: AttemptWishes = {}): Promise<TransactionRecord> {
    const halt = wishes.halt ?? new Halt()
    let log = new AttemptLog()
    try {
      await this.#run(halt, async () => {
        let mayUseKept = wishes.mayUseKept !== false && !wishes.credentials
        for (;;) {
          log = new AttemptLog()
          const kept = mayUseKept ? this.#take() : undefined
          const connection = kept ?? (await this.#openInTurn({ ...wishes, log, halt }))
          if (!connection) continue
          await this.#carry(connection, message, { log, halt, wishes, isKept: kept !== undefined })
          // It was idle too long: nothing was answered, so nothing was taken.
          if (!(kept && log.isUnanswered)) return
          halt.check()
          if (log.failure?.code === 'ETIMEDOUT') this.#dismissIdle()
          mayUseKept = false
        }
      })
    } catch (error) {
      log.end(error, message)
    }
    return log.record(message)
  }

  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {Refusal | SessionError} if that fails; the log says at which stage.
   */
  async verify(log: AttemptLog, halt: Halt = new Halt()): Promise<void> {
    await this.#run(halt, async () => {
      const connection = await this.#open({ log, halt, usesMemory: false })
      connection.quit()
    })
  }

  /** Takes no more messages and leaves the idle connections; one that is in use is left after its message. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#growth)
    this.#line.refuse(new SessionError('closed'))
    this.#dismissIdle()
  }

  /** Ends what is being handed over, too. */
  abort(): void {
    this.close()
    for (const halt of this.#halts) halt.stop('closed')
  }

  /** Runs an attempt in its turn. */
  async #run(halt: Halt, attempt: () => Promise<void>): Promise<void> {
    if (this.#isClosed) throw new SessionError('closed')
    halt.check()
    await this.#line.enter(halt)
    this.#halts.add(halt)
    halt.beginUntilBody(this.#destination.settings.deadlines.untilBody)
    try {
      await attempt()
    } finally {
      halt.release()
      this.#halts.delete(halt)
      this.#line.leave()
      if (this.isIdle) this.#onIdle()
    }
  }

  /** A new connection; nothing, if the server has no room for another and one of those that are open has become free. */
  async #openInTurn(opening: AttemptOpening): Promise<Connection | undefined> {
    try {
      return await this.#open(opening)
    } catch (error) {
      const isFull = error instanceof Refusal && isCrowded(error.reply) && this.#line.taken > 1
      if (!isFull) throw error
      this.#shrink()
      this.#line.leave()
      await this.#line.enter(opening.halt).catch((halted: unknown) => {
        this.#line.reenter()
        throw halted
      })
      return undefined
    }
  }

  #open({ usesMemory = true, ...opening }: AttemptOpening): Promise<Connection> {
    // One that is kept gives way, so that no more are open than may be.
    if (this.#line.taken + this.#idle.length > this.#size) this.#dismiss(this.#idle[0])
    return Connection.open(this.#destination, { ...opening, usesMemory })
  }

  async #carry(
    connection: Connection,
    message: OutgoingMessage,
    {
      log,
      halt,
      wishes,
      isKept,
    }: { log: AttemptLog; halt: Halt; wishes: AttemptWishes; isKept: boolean },
  ): Promise<void> {
    log.port = connection.port
    connection.messages += 1
    const { deadlines, keptPatience = defaultPatience } = this.#destination.settings
    await new Transaction(connection, message, {
      deadlines,
      patience: isKept ? keptPatience : undefined,
      halt,
      log,
      beforeDot: wishes.beforeDot,
    }).run()
    this.#keep(connection, log.reply?.code !== 421 && !wishes.credentials)
  }

  #keep(connection: Connection, isWelcome: boolean): void {
    const { isKept, maxMessages } = this.#settings
    if (
      !isKept ||
      !isWelcome ||
      this.#isClosed ||
      connection.messages >= maxMessages ||
      !connection.wire.isQuiet ||
      this.#line.taken + this.#idle.length > this.#size
    ) {
      connection.quit()
      return
    }
    const { wire } = connection
    wire.socket.unref()
    const idle: Idle = {
      connection,
      timer: setTimeout(() => this.#dismiss(idle), idleTime).unref(),
      // The server closed it, or spoke without being asked: it is of no more use, and nothing is wrong.
      forget: wire.onFailure(() => this.#remove(idle)),
    }
    this.#idle.push(idle)
  }

  /** The kept connection that was used last: the others may end. */
  #take(): Connection | undefined {
    const idle = this.#idle.at(-1)
    if (!idle) return undefined
    this.#remove(idle)
    idle.connection.wire.socket.ref()
    return idle.connection
  }

  #remove(idle: Idle): void {
    const at = this.#idle.indexOf(idle)
    if (at >= 0) this.#idle.splice(at, 1)
    clearTimeout(idle.timer)
    idle.forget()
  }

  #dismiss(idle: Idle | undefined): void {
    if (!idle) return
    this.#remove(idle)
    idle.connection.quit()
  }

  #dismissIdle(): void {
    while (this.#idle.length > 0) this.#dismiss(this.#idle[0])
  }

  /** The server takes no more connections than there are. */
  #shrink(): void {
    clearTimeout(this.#growth)
    this.#size = Math.max(1, this.#line.taken - 1)
    this.#line.resize(this.#size)
    this.#growth = setTimeout(() => {
      this.#size = this.#settings.maxConnections
      this.#line.resize(this.#size)
    }, shrunkTime).unref()
  }
}

/** What servers say when a client has too many connections: Postfix, Exim, Exchange, Gmail. */
const crowded =
  /too many (?:concurrent )?(?:smtp )?(?:connections|sessions)|connection (?:rate )?limit/i

function isCrowded({ code, lines }: ServerReply): boolean {
  return (
    (code === 421 || code === 450 || code === 452 || code === 554) &&
    crowded.test(lines.join(' ').slice(0, 500))
  )
}
