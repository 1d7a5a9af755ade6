import { MailgunService, type ComposedMessage } from '@mailgun-smtp/nestjs'
import { Injectable } from '@nestjs/common'
import { Outgoing } from './outgoing.ts'

/** Without a queue a letter is sent at once, and whoever adds it waits. */
@Injectable()
export class DirectOutgoing extends Outgoing {
  constructor(private readonly mail: MailgunService) {
    super()
  }

  override async add(letter: ComposedMessage): Promise<void> {
    await this.mail.send(letter)
  }
}
