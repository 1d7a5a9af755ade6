import type { MailMessage } from 'nodemailer'
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream'
import { callbackify } from 'node:util'

type Root = MailMessage['message']

const pieceSize = 65_536

const lf = 0x0a
const cr = 0x0d

/**
 * A message as it leaves, ending with a line's end. It is handed on in pieces: nodemailer makes one chunk of a whole
 * attachment, whose end would be read while most of it still waits to be written to the socket; in pieces, the end
 * comes when nearly all has left.
 */
class Body extends Transform {
  readonly #beforeEnd: (() => Promise<void>) | undefined
  #lastByte: number | undefined
  #isAskedFor = false
  /** What waits until somebody reads. */
  #waiting: (() => void) | undefined

  constructor(beforeEnd: (() => Promise<void>) | undefined) {
    super()
    this.#beforeEnd = beforeEnd
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = 0; at < chunk.length; at += pieceSize)
      this.push(chunk.subarray(at, at + pieceSize))
    if (chunk.length > 0) this.#lastByte = chunk.at(-1)
    done()
  }

  override _flush(done: TransformCallback): void {
    if (this.#lastByte !== lf) this.push(this.#lastByte === cr ? '\n' : '\r\n')
    const beforeEnd = this.#beforeEnd
    if (!beforeEnd) return done()
    const proceed = (): void => callbackify(beforeEnd)(done)
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
