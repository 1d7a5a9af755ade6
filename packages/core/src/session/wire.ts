import type { Socket } from 'node:net'
import { MalformedReply, ReplyReader } from './reply-reader.ts'
import { codeIn, SessionError } from './session-error.ts'
import type { ServerReply } from './transaction-record.ts'

interface Waiting {
  readonly resolve: (reply: ServerReply) => void
  readonly reject: (error: SessionError) => void
}

/**
 * A connection that knows how many replies it waits for. The first thing that goes wrong ends it: from then on not a
 * byte more is written. Replies that came before are still handed on.
 */
export class Wire {
  #socket: Socket
  #reader = new ReplyReader()
  /** How many replies were asked for and have not come. */
  #awaited = 0
  readonly #replies: ServerReply[] = []
  #waiting: Waiting | undefined
  #error: SessionError | undefined
  readonly #onFailure = new Set<(error: SessionError) => void>()
  readonly #onData = (chunk: Buffer): void => this.#read(chunk)
  readonly #onEnd = (): void => this.fail(new SessionError('lost'))
  readonly #onError = (error: Error): void =>
    this.fail(new SessionError('lost', { code: codeIn(error), cause: error }))

  constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  get socket(): Socket {
    return this.#socket
  }

  /** What ended it. */
  get error(): SessionError | undefined {
    return this.#error
  }

  /** Whether every reply came that was asked for, and was read, and nothing else. */
  get isQuiet(): boolean {
    return (
      !this.#error && this.#awaited === 0 && this.#replies.length === 0 && !this.#reader.isMidReply
    )
  }

  /** Waits for so many replies more that the server gives by itself. */
  expect(replies: number): void {
    this.#awaited += replies
  }

  /**
   * Writes, and waits for so many replies more.
   *
   * @throws {SessionError} if the connection ended.
   */
  ask(bytes: string | Uint8Array, replies: number): void {
    if (this.#error) throw this.#error
    this.#awaited += replies
    this.#socket.write(bytes)
  }

  /**
   * Writes, and resolves when this process holds nothing of it any more.
   *
   * @throws {SessionError} if the connection ended.
   */
  async flush(bytes: Uint8Array): Promise<void> {
    if (this.#error) throw this.#error
    await new Promise<void>((resolve, reject) => {
      const stop = this.onFailure(reject)
      this.#socket.write(bytes, () => {
        stop()
        resolve()
      })
    })
    if (this.#error) throw this.#error
  }

  /**
   * The next reply that was asked for.
   *
   * @throws {SessionError} if the connection ended before it came.
   */
  reply(): Promise<ServerReply> {
    const reply = this.#replies.shift()
    if (reply) return Promise.resolve(reply)
    if (this.#error) return Promise.reject(this.#error)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  /**
   * Lets everything be read that has arrived, before something is written that cannot be taken back.
   *
   * @throws {SessionError} if the server said something that nothing was waiting for.
   */
  async settle(): Promise<void> {
    // A chunk of several TLS records comes in several events, all within one turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.#error) throw this.#error
    if (this.isQuiet) return
    const error = new SessionError('unasked')
    this.fail(error)
    throw error
  }

  /** Ends it. Only the first error counts. */
  fail(error: SessionError): void {
    if (this.#error) return
    this.#error = error
    this.#socket.destroy()
    this.#waiting?.reject(error)
    this.#waiting = undefined
    for (const listener of this.#onFailure) listener(error)
    this.#onFailure.clear()
  }

  /** Tells once of its end, at once if it has ended. Call what it returns when that is no longer wanted. */
  onFailure(listener: (error: SessionError) => void): () => void {
    if (this.#error) listener(this.#error)
    else this.#onFailure.add(listener)
    return () => this.#onFailure.delete(listener)
  }

  /** Hands the socket over to TLS. What it says from then on is read with a fresh reader. */
  surrender(): Socket {
    this.#socket
      .off('data', this.#onData)
      .off('end', this.#onEnd)
      .off('close', this.#onEnd)
      .off('error', this.#onError)
    // An error of the socket below reaches the one above as well.
    this.#socket.on('error', () => undefined)
    return this.#socket
  }

  /** Goes on with another socket. */
  adopt(socket: Socket): void {
    this.#socket = socket
    this.#reader = new ReplyReader()
    if (this.#error) socket.destroy()
    this.#listen()
  }

  #listen(): void {
    this.#socket
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('close', this.#onEnd)
      .on('error', this.#onError)
  }

  #read(chunk: Buffer): void {
    if (this.#error) return
    try {
      this.#reader.push(chunk, (reply) => this.#take(reply))
    } catch (error) {
      if (!(error instanceof MalformedReply)) throw error
      this.fail(new SessionError('malformed', { cause: error }))
    }
  }

  #take(reply: ServerReply): void {
    if (this.#error) return
    if (this.#awaited === 0) return this.fail(new SessionError('unasked', { reply }))
    this.#awaited -= 1
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting.resolve(reply)
    else this.#replies.push(reply)
  }
}
