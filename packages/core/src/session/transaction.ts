import type { AttemptLog } from './attempt-log.ts'
import type { Connection } from './connection.ts'
import { DotStuffing } from './dot-stuffing.ts'
import { envelopeCommands, refuseTooLarge, type EnvelopeCommands } from './envelope.ts'
import type { Halt } from './halt.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { demand, Refusal, SessionError } from './session-error.ts'
import type { PhaseDeadlines } from './settings.ts'
import type { RecipientRecord, ServerReply } from './transaction-record.ts'
import type { Wire } from './wire.ts'

/** What one transaction is made with. */
export interface TransactionSettings {
  readonly deadlines: Pick<PhaseDeadlines, 'body' | 'afterDot'>
  /** How long the connection may leave MAIL without an answer, in milliseconds. Default: until the body. */
  readonly patience?: number | undefined
  readonly halt: Halt
  readonly log: AttemptLog
  readonly beforeDot?: BeforeDot | undefined
}

/** Awaited before the final dot, with each recipient's reply to RCPT. If it rejects, the dot is never written. */
export type BeforeDot = (recipients: readonly RecipientRecord[]) => Promise<void>

/** A body is written in pieces of so many bytes. One that is no longer is written as one with its dot. */
export const pieceSize = 65_536

/** How long a server that refused MAIL may take to answer the rest, in milliseconds. */
const skipPatience = 1000

/** Hands one message over on an open connection (RFC 5321 §3.3), with as few writes as PIPELINING allows (RFC 2920). */
export class Transaction {
  readonly #connection: Connection
  readonly #wire: Wire
  readonly #message: OutgoingMessage
  readonly #settings: TransactionSettings
  readonly #log: AttemptLog

  constructor(connection: Connection, message: OutgoingMessage, settings: TransactionSettings) {
    this.#connection = connection
    this.#wire = connection.wire
    this.#message = message
    this.#settings = settings
    this.#log = settings.log
  }

  /** Runs it. The log has the outcome. The connection may be used again if its wire is quiet then. */
  async run(): Promise<void> {
    const forget = this.#settings.halt.onStop((error) => this.#wire.fail(error))
    try {
      this.#log.stage = 'mail'
      const commands = envelopeCommands(this.#message, this.#connection.capabilities)
      const isTaken = this.#connection.capabilities.has('PIPELINING')
        ? await this.#pipelineEnvelope(commands)
        : await this.#sayEnvelope(commands)
      if (isTaken) await this.#handOver()
    } catch (error) {
      this.#log.end(error, this.#message)
      // A refusal leaves the session in order, unless it came too early; nothing else does.
      if (!(error instanceof Refusal)) this.#wire.fail(new SessionError('lost'))
    } finally {
      forget()
    }
  }

  /** Whether the server asked for the message. */
  async #pipelineEnvelope({ mail, rcpts }: EnvelopeCommands): Promise<boolean> {
    const { hasOpenEnvelope } = this.#connection
    const commands = [...(hasOpenEnvelope ? ['RSET\r\n'] : []), mail, ...rcpts, 'DATA\r\n']
    this.#wire.ask(commands.join(''), commands.length)
    if (hasOpenEnvelope) await this.#answerToReset()
    try {
      await this.#answerToMail()
      for (const _command of rcpts) await this.#answerToRcpt()
    } catch (error) {
      if (error instanceof Refusal) await this.#skip()
      throw error
    }
    const data = await this.#wire.reply().catch((error: unknown) => {
      // Every recipient was refused, and the server left: what it said counts.
      if (this.#hasRecipient) this.#log.stage = 'data'
      else this.#refuseAll()
      throw error
    })
    if (this.#hasRecipient) return this.#answerToData(data)
    // The server asks for a message that is for none: only leaving tells it that none comes.
    if (data.code < 400) this.#wire.fail(new SessionError('lost'))
    return this.#refuseAll()
  }

  /** The same in turn, for a server that takes one command at a time. */
  async #sayEnvelope({ mail, rcpts }: EnvelopeCommands): Promise<boolean> {
    if (this.#connection.hasOpenEnvelope) {
      this.#wire.ask('RSET\r\n', 1)
      await this.#answerToReset()
    }
    this.#wire.ask(mail, 1)
    await this.#answerToMail()
    for (const rcpt of rcpts) {
      this.#wire.ask(rcpt, 1)
      await this.#answerToRcpt()
    }
    if (!this.#hasRecipient) return this.#refuseAll()
    this.#log.stage = 'data'
    this.#wire.ask('DATA\r\n', 1)
    return this.#answerToData(await this.#wire.reply())
  }

  async #answerToReset(): Promise<void> {
    demand(await this.#firstReply(), 250)
    this.#connection.hasOpenEnvelope = false
  }

  async #answerToMail(): Promise<void> {
    demand(await this.#firstReply(), 250)
    this.#connection.hasOpenEnvelope = true
    this.#log.stage = 'rcpt'
  }

  async #answerToRcpt(): Promise<void> {
    const reply = await this.#wire.reply()
    if (reply.code < 400 && !takenRcpt.has(reply.code)) throw new SessionError('unexpected')
    this.#log.rcptReplies.push(reply)
  }

  #answerToData(reply: ServerReply): true {
    this.#log.stage = 'data'
    demand(reply, 354)
    return true
  }

  /** A kept connection may have died without a word: it is not waited for as long as a new one. */
  async #firstReply(): Promise<ServerReply> {
    const { patience } = this.#settings
    if (patience === undefined) return this.#wire.reply()
    const timer = setTimeout(
      () => this.#wire.fail(new SessionError('lost', { code: 'ETIMEDOUT' })),
      patience,
    )
    try {
      return await this.#wire.reply()
    } finally {
      clearTimeout(timer)
    }
  }

  /** MAIL was refused, and what was pipelined after it with it. */
  async #skip(): Promise<void> {
    const timer = setTimeout(() => this.#wire.fail(new SessionError('lost')), skipPatience)
    try {
      while (!this.#wire.isQuiet) {
        const { code } = await this.#wire.reply()
        if (code < 400) this.#wire.fail(new SessionError('unexpected'))
      }
    } catch {
      // Its refusal counts, whatever came of the rest.
    } finally {
      clearTimeout(timer)
    }
  }

  get #hasRecipient(): boolean {
    return this.#log.rcptReplies.some(({ code }) => code < 400)
  }

  /** @throws {Refusal} the last one's. */
  #refuseAll(): never {
    const last = this.#log.rcptReplies.at(-1)
    throw last ? new Refusal(last) : new SessionError('content', { path: 'envelope' })
  }

  async #handOver(): Promise<void> {
    const { halt, deadlines } = this.#settings
    this.#log.stage = 'body'
    halt.begin(deadlines.body)
    // A reply that is here already is none to a message that has not begun.
    await this.#wire.settle()
    this.#log.isSourceRead = true
    const { bytes } = this.#message
    if (bytes) {
      const stuffing = new DotStuffing()
      await this.#writeDot([stuffing.write(bytes), stuffing.end()])
    } else await this.#stream()
    this.#connection.hasOpenEnvelope = false
    halt.begin(deadlines.afterDot)
    const reply = demand(await this.#wire.reply(), 250)
    this.#log.reply = reply
  }

  /** Writes the last of the message and the dot, as one. */
  async #writeDot(last: readonly Buffer[]): Promise<void> {
    await this.#awaitLeave()
    this.#log.isDotWritten = true
    this.#log.stage = 'final'
    this.#wire.ask(Buffer.concat(last), 1)
  }

  async #awaitLeave(): Promise<void> {
    const { beforeDot } = this.#settings
    if (beforeDot) {
      try {
        await beforeDot(this.#log.recipients(this.#message))
      } catch (error) {
        throw new SessionError('withheld', { cause: error })
      }
    }
    // All that the server said meanwhile is read before the one write that cannot be taken back.
    await this.#wire.settle()
  }

  async #stream(): Promise<void> {
    const source = this.#message.open()
    const forget = this.#wire.onFailure((error) => source.destroy(error))
    const stuffing = new DotStuffing()
    let pieces: Buffer[] = []
    let waiting = 0
    let size = 0
    const flush = async (): Promise<void> => {
      const bytes = Buffer.concat(pieces)
      pieces = []
      waiting = 0
      // One that a source gives as a whole is handed on in pieces all the same: otherwise the dot would follow what still waits.
      for (let at = 0; at < bytes.length; at += pieceSize) {
        await this.#wire.flush(bytes.subarray(at, at + pieceSize))
      }
    }
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        size += chunk.length
        refuseTooLarge(size, this.#connection.capabilities)
        const bytes = stuffing.write(chunk)
        pieces.push(bytes)
        waiting += bytes.length
        if (waiting >= pieceSize) await flush()
      }
      if (size >= pieceSize) await flush()
      await this.#writeDot([...pieces, stuffing.end()])
    } finally {
      forget()
    }
  }
}

/** RFC 5321 §4.3.2 has 250 and 251; 252 is said by servers that do not look. */
const takenRcpt: ReadonlySet<number> = new Set([250, 251, 252])
