import { MailgunOptions, MailgunService } from '@mailgun-smtp/nestjs'
import { Injectable } from '@nestjs/common'
import { OnEvent } from '@nestjs/event-emitter'
import { letterTo } from './letter.ts'
import { LOAN_MADE, type Loan } from './loan.ts'

/** An event: whoever borrows a book gets a receipt. */
@Injectable()
export class ReceiptsService {
  constructor(private readonly mail: MailgunService) {}

  @OnEvent(LOAN_MADE)
  @MailgunOptions({ tags: ['receipt'] })
  async confirm({ member, book, due }: Loan): Promise<void> {
    await this.mail.send({
      ...letterTo(member),
      subject: `You borrowed ${book}`,
      text: `Dear ${member.name},\n\n${book} is yours until ${due.toDateString()}.`,
    })
  }
}
