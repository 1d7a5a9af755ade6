import { MailgunOptions } from '@mailgun-smtp/nestjs'
import { BadRequestException, Body, Controller, NotFoundException, Post } from '@nestjs/common'
import { LoansService } from './loans.service.ts'
import { members } from './member.ts'
import { RemindersService } from './reminders.service.ts'

interface LoanRequest {
  readonly member?: unknown
  readonly book?: unknown
  readonly days?: unknown
}

/** What the desk of the library does. */
@Controller()
@MailgunOptions({ tags: ['library'] })
export class LoansController {
  constructor(
    private readonly loans: LoansService,
    private readonly reminders: RemindersService,
  ) {}

  /** Sends nothing itself. The mail of whoever hears of the loan has these options all the same. */
  @Post('loans')
  @MailgunOptions(({ book }: LoanRequest) => ({ variables: { book: String(book) } }))
  lend(@Body() { member, book, days = 21 }: LoanRequest): { due: Date } {
    if (typeof book !== 'string' || typeof days !== 'number') {
      throw new BadRequestException('A loan is { member, book, days }.')
    }
    const borrower = members.get(String(member))
    if (!borrower) throw new NotFoundException('There is no such member.')
    return { due: this.loans.lend(borrower, book, days).due }
  }

  /** What the clock does each morning, for whoever does not want to wait. */
  @Post('reminders')
  async remind(): Promise<{ reminders: number }> {
    return { reminders: await this.reminders.remind() }
  }
}
