import { lint, type LintWarning } from '../options/lint.ts'
import type { MailgunMessage } from '../message/message.ts'
import { maxRecipients } from '../options/registry.ts'
import { usedVariables } from './placeholders.ts'
import { readRow, type Addressee, type BatchRecipient } from './recipient.ts'

/**
 * What Mailgun will take but may not do as meant, of a batch to these recipients. It looks at the first 1,000 that can
 * be sent to, refuses nothing and needs no network.
 */
export function lintBatch(
  message: MailgunMessage,
  recipients: Iterable<BatchRecipient>,
): LintWarning[] {
  const addressees = sample(message, recipients)
  const warnings = lint({
    ...message,
    to: addressees.map(({ address }) => address),
    mailgun: {
      ...message.mailgun,
      recipientVariables: Object.fromEntries(
        addressees.map(({ address, variables }) => [address, variables]),
      ),
    },
  })
  return warnings.map((warning) =>
    warning.code === 'placeholder-without-variable'
      ? { ...warning, message: emptyPlaceholder }
      : warning,
  )
}

const emptyPlaceholder =
  'A %recipient.…% placeholder has no variable for some recipient: it is empty in that copy.'

function sample(message: MailgunMessage, recipients: Iterable<BatchRecipient>): Addressee[] {
  const { inHeader } = usedVariables(message)
  const addressees: Addressee[] = []
  let index = 0
  for (const recipient of recipients) {
    const { addressee } = readRow(recipient, index, inHeader)
    if (addressee) addressees.push(addressee)
    index += 1
    if (addressees.length === maxRecipients) break
  }
  return addressees
}
