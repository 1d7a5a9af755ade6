import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FinalMessage } from '../../src/message/message-id.ts'
import type { StoredSend } from '../../src/idempotency/store.ts'
import { receiptOf, type Receipt } from '../../src/outcome/receipt.ts'

/** A day from now. */
export const tomorrow = (): number => Date.now() + 86_400_000

/** A record with an owner of its own. */
export function recordOf(fields: Partial<StoredSend> = {}): StoredSend {
  return {
    fingerprint: 'f'.repeat(64),
    owner: randomUUID(),
    state: 'reserved',
    messageId: '<1@example.com>',
    expiresAt: tomorrow(),
    ...fields,
  }
}

/** A message as it enters. */
export const note: FinalMessage = {
  from: 'shop@example.com',
  to: ['ada@example.net', 'bob@example.net'],
  subject: 'Hi',
  text: 'Hi',
  messageId: '<note@example.com>',
}

/** What came of it. */
export const receipt: Receipt = receiptOf(
  [
    {
      address: 'ada@example.net',
      outcome: 'accepted',
      retryable: false,
      reply: { code: 250, text: 'Great success' },
    },
    {
      address: 'bob@example.net',
      outcome: 'rejected',
      retryable: false,
      code: 'ERR_MAILGUN_RECIPIENT',
      fault: 'recipient',
      reply: { code: 550, text: 'mailbox unavailable' },
    },
  ],
  { messageId: '<note@example.com>', from: 'shop@example.com', attempts: 2 },
)

/** A folder that is gone afterwards. */
export async function temporaryFolder(): Promise<AsyncDisposable & { file(name: string): string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mailgun-smtp-'))
  return {
    file: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
