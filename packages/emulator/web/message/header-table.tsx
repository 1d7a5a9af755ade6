import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { CopyDetail, SubmissionDetail } from '../../src/http/answers.ts'
import { byteSize } from '../words/byte-size.ts'
import { Choice } from '../elements/choice.tsx'
import { type Side, sides } from './source.tsx'

export interface HeaderTableProps {
  readonly submission: SubmissionDetail
  readonly content: CopyDetail
}

export function HeaderTable({ submission, content }: HeaderTableProps): JSX.Element {
  const [side, setSide] = useState<Side>('copy')
  const headers = side === 'copy' ? content.headers : submission.headers

  return (
    <>
      <h2 class="section-title">Envelope</h2>
      <dl class="fields">
        <Field name="MAIL FROM" value={submission.envelope.from || '<>'} />
        <Field name="RCPT TO" value={recipients(submission.envelope.to)} />
        <Field name="Login" value={submission.session.user ?? 'none'} />
        <Field name="Connection" value={connection(submission.session)} />
        <Field name="Size" value={byteSize(submission.size)} />
      </dl>
      <div class="section-title section-title-row">
        <h2>Headers</h2>
        {submission.personalised && (
          <Choice label="Whose headers" options={sides} value={side} onChoose={setSide} />
        )}
      </div>
      <dl class="fields">
        {headers.map(([name, value], index) => (
          // Headers repeat; their order is all that tells them apart.
          <Field key={index} name={name} value={value} />
        ))}
      </dl>
    </>
  )
}

function Field({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  )
}

const mostRecipients = 5

function recipients(addresses: readonly string[]): string {
  const rest = addresses.length - mostRecipients
  const named = addresses.slice(0, mostRecipients).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}

const security = {
  starttls: 'STARTTLS',
  implicit: 'TLS from the start',
  none: 'not encrypted',
} as const

function connection({ secure, tls }: SubmissionDetail['session']): string {
  return tls ? `${security[secure]}, ${tls}` : security[secure]
}
