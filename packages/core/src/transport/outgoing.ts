import type { MailMessage } from 'nodemailer'
import type { Readable } from 'node:stream'
import type { OutgoingMessage } from '../session/outgoing-message.ts'
import { builtBytes, openBytes } from '../nodemailer/built-bytes.ts'
import { contentSources, failedSource, type ContentSource } from './content-sources.ts'
import { statusRequest } from './status-request.ts'

/**
 * A message whose contents are no longer is built whole before it is handed over, and leaves as one with its dot. In
 * characters or bytes, before they are encoded.
 */
const shortMessage = 32_768

/** What base64 makes of bytes, its line ends included. */
const base64Growth = 1.36

/** A built message as a session takes it, and how it is made ready. */
export class Outgoing implements OutgoingMessage {
  readonly messageId: string
  readonly from: string
  readonly to: readonly string[]
  readonly dsn: OutgoingMessage['dsn']
  readonly needsRequireTls: boolean
  readonly #message: MailMessage['message']
  readonly #sources: readonly ContentSource[]
  #bytes: Buffer | undefined

  /**
   * Reads a message whose header block was checked.
   *
   * @throws {InvalidOptionError} for a wrong `dsn`.
   */
  constructor({ message, data }: MailMessage) {
    const { from, to } = message.getEnvelope()
    this.messageId = message.messageId()
    this.from = from || ''
    this.to = to
    this.dsn = statusRequest(data.dsn)
    this.needsRequireTls = data.requireTLSExtensionEnabled === true
    this.#message = message
    this.#sources = contentSources(data)
  }

  get bytes(): Buffer | undefined {
    return this.#bytes
  }

  get size(): number | undefined {
    if (this.#bytes) return this.#bytes.length
    const known = this.#knownLength
    return known === undefined ? undefined : Math.floor(known)
  }

  /** Whether its bytes can be read once only. */
  get isReadOnce(): boolean {
    return this.#sources.some(({ stream }) => stream !== undefined)
  }

  /** Builds it, if it is short and all of it is here. It rejects with what a plugin or a part failed with. */
  async prepare(): Promise<void> {
    const length = this.#knownLength
    if (length === undefined || length > shortMessage) return
    this.#bytes ??= await builtBytes(this.#message)
  }

  open(): Readable {
    return openBytes(this.#message)
  }

  /** The same for some of its recipients. */
  for(to: readonly string[]): OutgoingMessage {
    const { messageId, from, bytes, size, dsn, needsRequireTls } = this
    return {
      messageId,
      from,
      to,
      bytes,
      size,
      dsn,
      needsRequireTls,
      open: () => this.open(),
      pathOf: (error) => this.pathOf(error),
    }
  }

  pathOf(error: unknown): string | undefined {
    return failedSource(this.#sources, error)?.path
  }

  /** How long the contents are, if all of them are here. */
  get #knownLength(): number | undefined {
    let length = 0
    for (const source of this.#sources) {
      if (source.length === undefined) return undefined
      length += source.path.startsWith('attachments') ? source.length * base64Growth : source.length
    }
    return length
  }
}
