import type { MailMessage } from 'nodemailer'
import { PassThrough, Writable, type Readable } from 'node:stream'

type Root = MailMessage['message']

/** Takes what nodemailer writes, and keeps it. */
class Collector extends Writable {
  readonly pieces: Buffer[] = []

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.pieces.push(chunk)
    done()
  }
}

/** The whole message, as it is now. */
export function builtBytes(message: Root): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const collector = new Collector()
    collector.on('error', reject)
    collector.on('finish', () => resolve(Buffer.concat(collector.pieces)))
    if (isRewritten(message)) {
      message.createReadStream().on('error', reject).pipe(collector)
    } else {
      message.stream(collector, {}, (error) => {
        if (error) reject(error)
        else collector.end()
      })
    }
  })
}

/** Opens the bytes of a message, as it is now. */
export function openBytes(message: Root): Readable {
  const source = isRewritten(message) ? message.createReadStream() : plainStream(message)
  // Its reader may have left by the time it fails.
  return source.on('error', () => undefined)
}

/** As nodemailer's own createReadStream does it, with one stream in place of three. */
function plainStream(message: Root): Readable {
  const body = new PassThrough()
  message.stream(body, {}, (error) => {
    if (error) body.destroy(error)
    else body.end()
  })
  return body
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
