import type { Member } from './member.ts'

/** A book that a member has taken home. */
export interface Loan {
  readonly book: string
  readonly member: Member
  /** When the book must be back. */
  readonly due: Date
}

/** The event of a new loan. */
export const LOAN_MADE = 'loan.made'
