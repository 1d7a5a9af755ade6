import { Injectable } from '@nestjs/common'
import { EventEmitter2 } from '@nestjs/event-emitter'
import { LOAN_MADE, type Loan } from './loan.ts'
import type { Member } from './member.ts'

const day = 24 * 60 * 60 * 1000

/** The loans of the library, in memory. It knows of no mail: it says what happened. */
@Injectable()
export class LoansService {
  readonly #loans = new Set<Loan>()

  constructor(private readonly events: EventEmitter2) {}

  /** Lends a book for so many days. */
  lend(member: Member, book: string, days: number): Loan {
    const loan: Loan = { book, member, due: new Date(Date.now() + days * day) }
    this.#loans.add(loan)
    this.events.emit(LOAN_MADE, loan)
    return loan
  }

  /** Takes one of the loans that are due within a day, so that each is reminded of once. */
  takeDue(): Loan | undefined {
    const loan = [...this.#loans].find(({ due }) => due.getTime() <= Date.now() + day)
    if (loan) this.#loans.delete(loan)
    return loan
  }

  /** Gives back a loan whose reminder failed. */
  giveBack(loan: Loan): void {
    this.#loans.add(loan)
  }
}
