import { mailgunHeaders, type Json, type MailgunOptions } from '@mailgun-smtp/core/headers'
import type { MessageContent } from '../mail/content.ts'
import { headerText, type Message } from '../mail/message.ts'
import type { Submission } from '../mail/submission.ts'

/** A submission in the list. */
export interface SubmissionSummary {
  readonly id: string
  readonly receivedAt: string
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly envelope: Submission['envelope']
  readonly messageId: string | null
  readonly size: number
  readonly tags: readonly string[]
  readonly testMode: boolean
  readonly deliverBy: string | null
  readonly copies: number
  readonly personalised: boolean
  readonly problems: number
}

/** One of Mailgun's options: as received and as read. */
export interface OptionSummary {
  readonly option: string
  readonly header: string
  readonly received: readonly string[]
  readonly value: Json
}

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

export function describeSubmission(submission: Submission): object {
  return {
    ...summarise(submission),
    options: summariseOptions(submission),
    problems: submission.problems,
    diagnostics: submission.diagnostics,
    headers: submission.headers,
    session: submission.session,
    messages: submission.messages.map((message) => {
      const { id, recipient, to, subject, variables, unreplaced } = message
      return { id, recipient, to, subject, variables, unreplaced }
    }),
  }
}

export function summariseMessage(message: Message): object {
  const { id, submission, recipient, to, from, subject, state } = message
  return {
    id,
    submissionId: submission.id,
    recipient,
    to,
    from,
    subject,
    state,
    scheduledFor: message.scheduledFor ?? null,
    deliveredAt: message.deliveredAt ?? null,
  }
}

export function describeMessage(message: Message, content: MessageContent): object {
  return {
    ...summariseMessage(message),
    date: dateOf(message),
    headers: message.headers,
    text: content.text,
    hasHtml: content.html !== undefined,
    links: content.links,
    codes: content.codes,
    attachments: content.attachments.map(({ filename, contentType, size }, n) => {
      return { n, filename: filename ?? null, contentType, size }
    }),
    variables: message.variables,
    unreplaced: message.unreplaced,
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
