import { mailgunHeaders, type Json, type MailgunOptions } from '@mailgun-smtp/core/headers'
import type { AttachedMail, MailAttachment } from '@mailgun-smtp/core/matchers'
import type { CopyAttachment, CopyContent } from '../mail/content.ts'
import type { Copy, Submission } from '../mail/message.ts'
import type { ReceivedSubmission } from '../mail/submission.ts'
import { headerText } from '../mime/field-text.ts'
import { addressesIn } from '../mime/mail-address.ts'
import type {
  AttachedMailSummary,
  AttachmentSummary,
  CopyDetail,
  CopySummary,
  OptionSummary,
  SubmissionDetail,
  SubmissionSummary,
} from './answers.ts'
import { isDrawable } from './mail-view.ts'

export function summarise(submission: ReceivedSubmission, read: boolean): SubmissionSummary {
  const { id, receivedAt, from, to, subject, envelope, messageId, raw, options } = submission
  const { attachments, snippet } = submission.outline
  return {
    id,
    receivedAt: receivedAt.toISOString(),
    from,
    to,
    subject,
    snippet,
    envelope,
    messageId: messageId ?? null,
    size: raw.length,
    tags: options.tags ?? [],
    testMode: options.dropMessage === true,
    deliverBy: options.deliverBy ? new Date(options.deliverBy).toISOString() : null,
    copyCount: envelope.to.length,
    copies: envelope.to.length,
    attachmentCount: attachments,
    diagnosticCount: submission.diagnostics.length,
    personalised: options.recipientVariables != null,
    problems: submission.problems.length,
    read,
  }
}

export function describeSubmission(
  submission: ReceivedSubmission,
  read: boolean,
): SubmissionDetail {
  const copies = submission.copies.map(summariseCopy)
  const { cc, replyTo, headers, session, problems, diagnostics } = submission
  return {
    ...summarise(submission, read),
    options: summariseOptions(submission),
    problems,
    diagnostics,
    headers,
    cc,
    replyTo,
    bcc: hiddenRecipients(submission),
    session,
    copies,
    messages: copies,
  }
}

export function summariseCopy(copy: Copy): CopySummary {
  const { id, submission, recipient, to, from, subject, state, tracking, opens, clicks } = copy
  return {
    id,
    submissionId: submission.id,
    recipient,
    to,
    from,
    subject,
    state,
    scheduledFor: copy.scheduledFor?.toISOString() ?? null,
    deliveredAt: copy.deliveredAt?.toISOString() ?? null,
    deliveryStatus: copy.deliveryStatus ?? null,
    tracking,
    opens: opens.map((open) => ({ ...open, at: open.at.toISOString() })),
    clicks: clicks.map((click) => ({ ...click, at: click.at.toISOString() })),
    variables: copy.variables,
    unreplaced: copy.unreplaced,
  }
}

export function describeCopy(copy: Copy, content: CopyContent): CopyDetail {
  return {
    ...summariseCopy(copy),
    date: dateOf(copy),
    headers: copy.headers,
    text: content.text,
    html: content.html ?? null,
    hasHtml: content.html !== undefined,
    links: content.links,
    trackedLinks: content.trackedLinks,
    pixel: content.pixel ?? null,
    codes: content.codes,
    attachments: content.attachments.map((attachment, n) => summariseAttachment(attachment, n)),
  }
}

function summariseAttachment(attachment: CopyAttachment, n: number): AttachmentSummary {
  const { mail } = attachment
  return { n, ...describeFile(attachment), mail: mail ? summariseAttachedMail(mail) : null }
}

function describeFile({
  filename,
  contentType,
  size,
  contentId,
}: MailAttachment): Omit<AttachmentSummary, 'n' | 'mail'> {
  return {
    filename: filename ?? null,
    contentType,
    size,
    contentId: contentId ?? null,
    isImage: isDrawable(contentType),
  }
}

function summariseAttachedMail(mail: AttachedMail): AttachedMailSummary {
  const { subject, from, to, text, html = null, attachments } = mail
  return { subject, from, to, text, html, attachments: attachments.map(describeFile) }
}

/** The recipients of the envelope that are in no field that recipients see. In a batch each recipient is shown their own address. */
function hiddenRecipients({ to, cc, envelope, options }: ReceivedSubmission): readonly string[] {
  if (options.recipientVariables != null) return []
  const shown = new Set(
    [to, cc].flatMap((field) => addressesIn(field).map(({ address }) => address.toLowerCase())),
  )
  return envelope.to.filter((recipient) => !shown.has(recipient.toLowerCase()))
}

function summariseOptions({ headers, options }: Submission): readonly OptionSummary[] {
  return mailgunHeaders.flatMap(({ option, header }) => {
    const fields = headers.filter(([name]) => name.toLowerCase() === header.toLowerCase())
    const received = fields.map(([, value]) => value)
    return received.length === 0
      ? []
      : [{ option, header, received, value: asJson(options[option]) }]
  })
}

function asJson(value: MailgunOptions[keyof MailgunOptions]): Json {
  return value instanceof Date ? value.toISOString() : ((value ?? null) as Json)
}

function dateOf({ headers, submission }: Copy): string {
  const date = new Date(headerText(headers, 'date'))
  return (Number.isNaN(date.getTime()) ? submission.receivedAt : date).toISOString()
}
