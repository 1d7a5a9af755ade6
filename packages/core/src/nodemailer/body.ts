import type { MailMessage } from 'nodemailer'
import { Duplex, pipeline, Transform, type Readable, type TransformCallback } from 'node:stream'
import { callbackify } from 'node:util'

type Root = MailMessage['message']

const pieceSize = 65_536

/** Chunks shorter than this wait for the next one: each chunk would be a write to the socket. */
const pooledSize = 8192

const lf = 0x0a
const cr = 0x0d

/**
 * A message as it leaves, ending with a line's end. It is handed on in pieces: nodemailer makes one chunk of a whole
 * attachment, whose end would be read while most of it still waits to be written to the socket; in pieces, the end
 * comes when nearly all has left.
 */
class Body extends Transform {
  readonly #beforeEnd: (() => Promise<void>) | undefined
  #pool: Buffer[] = []
  #poolSize = 0
  #lastByte: number | undefined
  #isAskedFor = false
  /** What waits for a reader. */
  #waiting: (() => void) | undefined

  constructor(beforeEnd: (() => Promise<void>) | undefined) {
    super()
    this.#beforeEnd = beforeEnd
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (chunk.length > 0) this.#lastByte = chunk.at(-1)
    if (this.#poolSize + chunk.length > pooledSize) this.#emptyPool()
    if (chunk.length < pooledSize) {
      this.#pool.push(chunk)
      this.#poolSize += chunk.length
    } else {
      for (let at = 0; at < chunk.length; at += pieceSize)
        this.push(chunk.subarray(at, at + pieceSize))
    }
    done()
  }

  override _flush(done: TransformCallback): void {
    if (this.#lastByte !== lf) this.#pool.push(Buffer.from(this.#lastByte === cr ? '\n' : '\r\n'))
    this.#emptyPool()
    const beforeEnd = this.#beforeEnd
    const proceed = (): void => (beforeEnd ? callbackify(beforeEnd)(done) : done())
    // A small message is here whole as soon as it is opened, while the server may yet refuse to be sent it.
    if (this.#isAskedFor) proceed()
    else this.#waiting = proceed
  }

  override read(size?: number): unknown {
    // With 0, the stream itself looks after its buffer.
    if (size !== 0 && !this.#isAskedFor) {
      this.#isAskedFor = true
      this.#waiting?.()
    }
    return super.read(size)
  }

  /** nodemailer pipes it into a stream of its own, which adds the final dot and is piped to the socket already. */
  override pipe<Destination extends NodeJS.WritableStream>(
    destination: Destination,
    options?: { end?: boolean },
  ): Destination {
    if (this.#waiting && destination instanceof Duplex)
      writeAtOnce(destination, this.readableLength)
    return super.pipe(destination, options)
  }

  #emptyPool(): void {
    if (this.#pool.length > 0) this.push(Buffer.concat(this.#pool))
    this.#pool = []
    this.#poolSize = 0
  }
}

/**
 * Lets a stream write as one what it is given, if it is short: the whole message and its dot, which would be two
 * packets or more. Escaped, no message grows to more than twice its length.
 */
function writeAtOnce(stream: Duplex, length: number): void {
  if (!stream.readableFlowing || length * 2 >= stream.readableHighWaterMark) return
  stream.pause()
  // In a paused stream all that is buffered is read as one, and then goes to every listener for data.
  stream.once('finish', () => stream.read())
}

/** Opens a body; what it is given is awaited before the end is told, and if that rejects, the end never is. */
export type OpenBody = (beforeEnd?: () => Promise<void>) => Readable

/** What opens the bytes of a message, as it is now: call it before its `createReadStream` is replaced. */
export function bodyOpener(message: Root): OpenBody {
  const isPlain = !isRewritten(message)
  const createReadStream = message.createReadStream.bind(message)
  return (beforeEnd) => {
    const body = new Body(beforeEnd)
    // As nodemailer's own createReadStream does it, with one stream in place of three.
    if (isPlain) message.stream(body, {}, (error) => (error ? body.destroy(error) : body.end()))
    // An error of the source reaches the body, whose reader reports it.
    else pipeline(createReadStream(), body, () => undefined)
    return body
  }
}

/** Whether a plugin changes the bytes after they are built. */
function isRewritten(message: Root): boolean {
  const changes = ['_transforms', '_processFuncs'] as const
  return (
    Boolean(message.newline) ||
    Object.hasOwn(message, 'createReadStream') ||
    changes.some((list) => (Reflect.get(message, list) as unknown[]).length > 0)
  )
}
