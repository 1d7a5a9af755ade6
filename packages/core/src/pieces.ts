import type { MailMessage } from 'nodemailer'
import { pipeline, Transform, type Readable } from 'node:stream'

const pieceSize = 65_536

type Node = MailMessage['message']

/**
 * Hands a body on in pieces. nodemailer makes one chunk of a whole attachment, whose end would be read while most of
 * it still waits to be written to the socket; in pieces, the end comes when nearly all has left.
 */
export function inPieces(body: Readable, message: Node): Readable {
  if (!isBulky(message)) return body
  const pieces = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += pieceSize) {
        this.push(chunk.subarray(at, at + pieceSize))
      }
      done()
    },
  })
  // An error of the body reaches the pieces, whose reader reports it.
  pipeline(body, pieces, () => undefined)
  return pieces
}

function isBulky({ content, childNodes }: Node): boolean {
  const length: unknown = Reflect.get(Object(content), 'length')
  return Number(length) > pieceSize || childNodes.some(isBulky)
}
