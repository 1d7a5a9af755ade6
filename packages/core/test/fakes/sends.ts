import { inspect } from 'node:util'
import { DeliveryError, type DeliveryFailure } from '../../src/outcome/errors.ts'
import type { SendInfo } from '../../src/observe/send-events.ts'
import { receiptOf, type Receipt } from '../../src/outcome/receipt.ts'

/** What may be seen of a send. */
export const facts: SendInfo = {
  messageId: '<one@example.com>',
  recipients: 3,
  host: 'smtp.mailgun.org',
  tags: 2,
}

const secrets = {
  text: 'canary-body',
  to: ['canary-to@example.net'],
  auth: { user: 'canary-login', pass: 'canary-pass' },
}

/** The send as a careless mailer might tell of it, the message beside the facts. */
export const info: SendInfo = { ...secrets, ...facts }

const canary = { code: 250, text: 'canary-reply' }

/** Mailgun took it for two of three. */
export const receipt: Receipt = receiptOf(
  [
    { address: 'canary-to@example.net', outcome: 'accepted', retryable: false, reply: canary },
    { address: 'canary-too@example.net', outcome: 'accepted', retryable: false, reply: canary },
    {
      address: 'canary-not@example.net',
      outcome: 'rejected',
      retryable: false,
      reply: { code: 550, text: 'canary-reply' },
    },
  ],
  { messageId: '<one@example.com>', from: 'canary-from@example.com', attempts: 2 },
)

/** A failure whose every text could give something away. */
export function failure(fields: Partial<DeliveryFailure> = {}): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_REFUSED',
    outcome: 'deferred',
    fault: 'message',
    retryable: true,
    message: 'canary-message',
    cure: 'canary-cure',
    attempts: 1,
    reply: { code: 451, text: 'canary-reply' },
    recipients: receipt.refused,
    messageId: '<one@example.com>',
    ...fields,
  })
}

/** What of the message shows in anything that was told, however it is looked at. */
export function leaksIn(...told: readonly unknown[]): readonly string[] {
  const shown = told.flatMap((value) => [
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true }),
  ])
  return shown.join('\n').match(/canary[\w@.-]*/g) ?? []
}
