import { lint, type LintableMessage } from '@mailgun-smtp/core/headers'
import { addressesIn as mailboxesIn } from '../mime/mail-address.ts'
import type { Diagnostic } from '../mail/diagnostic.ts'
import { findIn, findingRules } from './findings.ts'
import type { DiagnosableSubmission } from '../mail/copy-context.ts'
import { takeApart } from './diagnostic-subject.ts'
import { ownDiagnostics } from './own-diagnostics.ts'

/**
 * What Mailgun accepts but may not treat as meant, or what Mailgun is not known to accept.
 *
 * The codes of core's problems and of its lint are core's, so that a warning before sending and one after it are the same.
 */
export function diagnose(submission: DiagnosableSubmission): readonly Diagnostic[] {
  const subject = takeApart(submission)
  return [
    ...submission.problems.map(({ code, option, header, message }) => ({
      code,
      ...(option !== undefined && { path: option }),
      header,
      message,
    })),
    ...findIn(submission),
    ...Object.entries(ownDiagnostics).flatMap(([code, { message, finds }]) =>
      finds(subject).map(({ path, header }) => ({
        code,
        ...(path !== undefined && { path }),
        ...(header !== undefined && { header }),
        message,
      })),
    ),
    // Lint tells a time by the machine's clock; the findings of the same codes, by the emulator's.
    ...lint(lintable(submission)).filter(({ code }) => !Object.hasOwn(findingRules, code)),
  ]
}

function lintable(submission: DiagnosableSubmission): LintableMessage {
  const { options, subject, headers, envelope } = submission
  return {
    mailgun: options,
    ...addressees(headers, envelope.to),
    subject,
    ...submission.texts(),
  }
}

/** Who is in which field, the envelope being right about who gets the message. */
function addressees(
  headers: DiagnosableSubmission['headers'],
  recipients: readonly string[],
): Pick<LintableMessage, 'to' | 'cc' | 'bcc'> {
  const [copied, addressed] = [addressesIn(headers, 'cc'), addressesIn(headers, 'to')]
  // It is replaced by each recipient.
  const isPlaceholder = [...addressed].some((address) => address.includes('%recipient'))
  const fields = { to: [] as string[], cc: [] as string[], bcc: [] as string[] }
  for (const recipient of recipients) {
    const address = recipient.toLowerCase()
    if (copied.has(address)) fields.cc.push(recipient)
    else if (isPlaceholder || addressed.has(address)) fields.to.push(recipient)
    else fields.bcc.push(recipient)
  }
  return fields
}

function addressesIn(
  headers: DiagnosableSubmission['headers'],
  field: string,
): ReadonlySet<string> {
  return new Set(
    headers
      .filter(([name]) => name.toLowerCase() === field)
      .flatMap(([, value]) => mailboxesIn(value))
      .map(({ name, address }) => (address || name).toLowerCase()),
  )
}
