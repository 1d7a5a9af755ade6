import type { ComposedMessage } from '@mailgun-smtp/nestjs'

/** Where composed letters go. */
export abstract class Outgoing {
  abstract add(letter: ComposedMessage): Promise<void>
}
