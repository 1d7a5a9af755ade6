import type { JsonObject } from '@mailgun-smtp/core/headers'
import { decodeWords } from 'postal-mime'
import type { ContentCache, MessageContent } from './content.ts'
import type { Personalisation } from './personalisation.ts'
import type { RecipientValues } from './placeholders.ts'
import type { Submission } from './submission.ts'

/** What one recipient gets: with recipient variables a copy of their own, else the message as it was sent. */
export interface Message {
  readonly id: string
  readonly submission: Submission
  /** The address, as in RCPT. */
  readonly recipient: string
  /** Decoded, as all header texts here. */
  readonly subject: string
  readonly from: string
  /** The To header; in a personalised copy the recipient alone. */
  readonly to: string
  /** Unfolded, with this recipient's values in place; a personalised copy has no recipient variables. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** This recipient's own variables. */
  readonly variables: JsonObject
  /** Placeholders such as `%recipient.first%` that the recipient would read as they stand. */
  readonly unreplaced: readonly string[]
  /** The copy as source. */
  readonly raw: Buffer
  /** Decodes the body. */
  load(): Promise<MessageContent>
}

/** One recipient's copy of a submission, worked out when it is looked at. */
export class Copy implements Message {
  readonly id: string
  readonly submission: Submission
  readonly recipient: string
  readonly #personalisation: () => Personalisation
  readonly #cache: ContentCache
  #headers: Message['headers'] | undefined
  #values: RecipientValues | undefined

  constructor(
    id: string,
    submission: Submission,
    recipient: string,
    personalisation: () => Personalisation,
    cache: ContentCache,
  ) {
    this.id = id
    this.submission = submission
    this.recipient = recipient
    this.#personalisation = personalisation
    this.#cache = cache
  }

  get headers(): Message['headers'] {
    this.#headers ??= this.#personalisation().fieldsOf(this.#recipientValues)
    return this.#headers
  }

  get subject(): string {
    return headerText(this.headers, 'subject')
  }

  get from(): string {
    return headerText(this.headers, 'from')
  }

  get to(): string {
    return headerText(this.headers, 'to')
  }

  get variables(): JsonObject {
    return this.#recipientValues.variables
  }

  get unreplaced(): readonly string[] {
    return this.#personalisation().unreplaced(this.#recipientValues)
  }

  get raw(): Buffer {
    return this.#personalisation().sourceOf(this.#recipientValues)
  }

  load(): Promise<MessageContent> {
    // Copies that are the message itself share its body.
    const key = this.#personalisation().isPersonalised ? this.id : this.submission.id
    return this.#cache.read(key, () => this.raw)
  }

  get #recipientValues(): RecipientValues {
    this.#values ??= this.#personalisation().valuesOf(this.recipient)
    return this.#values
  }
}

/** The decoded value of the first header of this name; empty if there is none. */
export function headerText(headers: Message['headers'], name: string): string {
  const value = headers.find(([each]) => each.toLowerCase() === name)?.[1]
  return value === undefined ? '' : decodeWords(value)
}
