import { MailgunError, type BatchErrorCode } from '../outcome/errors.ts'
import type { BatchSummary } from './report.ts'

export type { BatchErrorCode } from '../outcome/errors.ts'

/** A batch came to a stop before its end. Who has no report was sent nothing. */
export class BatchError extends MailgunError {
  static override readonly kind: string = 'BatchError'

  declare readonly code: BatchErrorCode

  /** The counts of the reports so far. */
  readonly summary: BatchSummary

  constructor(
    code: BatchErrorCode,
    message: string,
    summary: BatchSummary,
    options?: ErrorOptions,
  ) {
    super(code, message, options)
    this.summary = summary
  }
}
