import { MailgunOptions, MailgunService } from '@mailgun-smtp/nestjs'
import { Injectable } from '@nestjs/common'
import { Cron, CronExpression } from '@nestjs/schedule'
import { letterTo } from './letter.ts'
import type { Loan } from './loan.ts'
import { LoansService } from './loans.service.ts'
import { Outgoing } from './outgoing.ts'

/** The clock: each morning, whoever must bring a book back is told. */
@Injectable()
export class RemindersService {
  constructor(
    private readonly loans: LoansService,
    private readonly mail: MailgunService,
    private readonly outgoing: Outgoing,
  ) {}

  /** Returns how many letters are on their way. */
  @Cron(CronExpression.EVERY_DAY_AT_8AM, { name: 'reminders' })
  @MailgunOptions({ tags: ['reminder'], track: false }, { inherit: false })
  async remind(): Promise<number> {
    let count = 0
    for (let loan = this.loans.takeDue(); loan; loan = this.loans.takeDue()) {
      try {
        await this.#remindOf(loan)
      } catch (error) {
        // It is tried again the next time, like those that are still due.
        this.loans.giveBack(loan)
        throw error
      }
      count += 1
    }
    return count
  }

  #remindOf({ member, book }: Loan): Promise<void> {
    // Composed here, as a queue's worker has none of the options that hold here.
    const letter = this.mail.compose({
      ...letterTo(member),
      subject: `Please bring back ${book}`,
      text: `Dear ${member.name},\n\nSomebody else would like to read ${book}. It is due tomorrow.`,
    })
    return this.outgoing.add(letter)
  }
}
