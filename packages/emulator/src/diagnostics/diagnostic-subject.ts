import {
  mailgunHeaders,
  type MailgunOptionName,
  type MailgunOptions,
} from '@mailgun-smtp/core/headers'
import type { Submission } from '../mail/message.ts'
import type { SessionInfo } from '../smtp/policy.ts'
import { scanHeaders } from '../mime/header-block.ts'
import { readHeader, type HeaderReading } from '../mime/header-reading.ts'

/** A submission, taken apart once for all diagnostics. */
export interface DiagnosticSubject {
  readonly raw: Buffer
  /** Where the body begins, behind the empty line. */
  readonly bodyStart: number
  readonly header: HeaderReading
  /** In lower case. */
  readonly headerNames: ReadonlySet<string>
  readonly options: MailgunOptions
  /** The options' headers that were received. */
  readonly optionHeaders: readonly OptionHeader[]
  /** As in RCPT. */
  readonly recipients: readonly string[]
  readonly session: SessionInfo
}

interface OptionHeader {
  readonly option: MailgunOptionName
  readonly path: string
  /** As received. */
  readonly header: string
  /** As received, unfolded. */
  readonly values: readonly string[]
}

export function takeApart(submission: Submission): DiagnosticSubject {
  const { raw, options, envelope, session, headers } = submission
  return {
    raw,
    bodyStart: scanHeaders(raw).bodyStart,
    header: readHeader(raw),
    headerNames: new Set(headers.map(([name]) => name.toLowerCase())),
    options,
    optionHeaders: optionHeaders(headers),
    recipients: envelope.to,
    session,
  }
}

function optionHeaders(headers: Submission['headers']): readonly OptionHeader[] {
  return mailgunHeaders.flatMap(({ option, header }) => {
    const own = headers.filter(([name]) => name.toLowerCase() === header.toLowerCase())
    const [first] = own
    if (!first) return []
    return [
      { option, path: option, header: first[0], values: own.map(([, value]) => value.trim()) },
    ]
  })
}
