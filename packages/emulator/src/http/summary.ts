import { mailgunHeaders, type Json, type MailgunOptions } from '@mailgun-smtp/core/headers'
import type { MessageContent } from '../mail/content.ts'
import type { Message } from '../mail/message.ts'
import { headerText } from '../mime/field-text.ts'
import type { Submission } from '../mail/message.ts'
import type {
  MessageDetail,
  MessageSummary,
  OptionSummary,
  SubmissionDetail,
  SubmissionSummary,
} from './answers.ts'

export function summarise(submission: Submission): SubmissionSummary {
  const { id, receivedAt, from, to, subject, envelope, messageId, raw, options } = submission
  return {
    id,
    receivedAt: receivedAt.toISOString(),
    from,
    to,
    subject,
    envelope,
    messageId: messageId ?? null,
    size: raw.length,
    tags: options.tags ?? [],
    testMode: options.dropMessage === true,
    deliverBy: options.deliverBy ? new Date(options.deliverBy).toISOString() : null,
    copies: envelope.to.length,
    personalised: options.recipientVariables != null,
    problems: submission.problems.length,
  }
}

export function describeSubmission(submission: Submission): SubmissionDetail {
  return {
    ...summarise(submission),
    options: summariseOptions(submission),
    problems: submission.problems,
    diagnostics: submission.diagnostics,
    headers: submission.headers,
    session: submission.session,
    messages: submission.messages.map((message) => {
      const { id, recipient, to, subject, state, variables, unreplaced } = message
      const deliveryStatus = message.deliveryStatus ?? null
      return {
        id,
        recipient,
        to,
        subject,
        state,
        deliveryStatus,
        ...describeActivity(message),
        variables,
        unreplaced,
      }
    }),
  }
}

export function summariseMessage(message: Message): MessageSummary {
  const { id, submission, recipient, to, from, subject, state } = message
  return {
    id,
    submissionId: submission.id,
    recipient,
    to,
    from,
    subject,
    state,
    scheduledFor: message.scheduledFor?.toISOString() ?? null,
    deliveredAt: message.deliveredAt?.toISOString() ?? null,
    deliveryStatus: message.deliveryStatus ?? null,
  }
}

export function describeMessage(message: Message, content: MessageContent): MessageDetail {
  return {
    ...summariseMessage(message),
    date: dateOf(message),
    ...describeActivity(message),
    headers: message.headers,
    text: content.text,
    html: content.html ?? null,
    hasHtml: content.html !== undefined,
    links: content.links,
    trackedLinks: content.trackedLinks,
    pixel: content.pixel ?? null,
    codes: content.codes,
    attachments: content.attachments.map(({ filename, contentType, size }, n) => {
      return { n, filename: filename ?? null, contentType, size }
    }),
    variables: message.variables,
    unreplaced: message.unreplaced,
  }
}

function describeActivity({
  tracking,
  opens,
  clicks,
}: Message): Pick<MessageDetail, 'tracking' | 'opens' | 'clicks'> {
  return {
    tracking,
    opens: opens.map((open) => ({ ...open, at: open.at.toISOString() })),
    clicks: clicks.map((click) => ({ ...click, at: click.at.toISOString() })),
  }
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

function dateOf({ headers, submission }: Message): string {
  const date = new Date(headerText(headers, 'date'))
  return (Number.isNaN(date.getTime()) ? submission.receivedAt : date).toISOString()
}
