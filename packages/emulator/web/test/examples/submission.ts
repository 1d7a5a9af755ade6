import type { SubmissionSummary } from '../../../src/http/answers.ts'

/** A submission as the list has it, with what a test is about in place of the usual. */
export function submission(about: Partial<SubmissionSummary> = {}): SubmissionSummary {
  return {
    id: 'one',
    receivedAt: '2026-11-22T10:00:00.000Z',
    from: 'Lamplight <hello@mg.example.com>',
    to: 'ada@example.com',
    subject: 'Welcome',
    envelope: { from: 'bounce@mg.example.com', to: ['ada@example.com'] },
    messageId: '<one@mg.example.com>',
    size: 1024,
    tags: [],
    testMode: false,
    deliverBy: null,
    snippet: 'Welcome aboard',
    copyCount: 1,
    copies: 1,
    attachmentCount: 0,
    diagnosticCount: 0,
    personalised: false,
    problems: 0,
    read: false,
    ...about,
  }
}
