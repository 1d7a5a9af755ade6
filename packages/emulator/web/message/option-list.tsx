import type { JSX } from 'preact'
import type { Diagnostic } from '../../src/mail/diagnostic.ts'
import type { OptionSummary, SubmissionDetail } from '../../src/http/answers.ts'
import { distance, fullTime } from '../words/times.ts'
import { formatRoute } from '../state/route.ts'
import { Icon } from '../elements/icon.tsx'
import { JsonValue } from './json-value.tsx'

/** What Mailgun will make of a submission: what may not be as meant, and every option with the header that set it. */
export function OptionList({ submission }: { readonly submission: SubmissionDetail }): JSX.Element {
  const { options, diagnostics } = submission
  return (
    <>
      {diagnostics.length > 0 && (
        <ul class="diagnostics">
          {diagnostics.map((diagnostic, index) => (
            <DiagnosticItem key={index} diagnostic={diagnostic} />
          ))}
        </ul>
      )}
      {options.length === 0 ? (
        <p class="panel-note">
          No Mailgun options. The settings of the sending domain decide about tracking and signing.
        </p>
      ) : (
        <table class="options">
          <thead>
            <tr>
              <th scope="col">Option</th>
              <th scope="col">Means</th>
              <th scope="col">As received</th>
            </tr>
          </thead>
          <tbody>
            {options.map((option) => (
              <Option key={option.option} option={option} submissionId={submission.id} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

// Their messages go on from the header's name.
const ofHeaders: ReadonlySet<string> = new Set(['unknown-header', 'unreadable-value'])

function DiagnosticItem({ diagnostic }: { readonly diagnostic: Diagnostic }): JSX.Element {
  const { code, message, header, path } = diagnostic
  const subject = header ?? path
  return (
    <li>
      <Icon name="warning" />
      <p>
        {ofHeaders.has(code) ? (
          <>
            <code>{subject}</code> {message}
          </>
        ) : (
          <>
            {message} {subject !== undefined && <code>{subject}</code>}
          </>
        )}
        <span class="diagnostic-code">{code}</span>
      </p>
    </li>
  )
}

interface OptionProps {
  readonly option: OptionSummary
  readonly submissionId: string
}

function Option({ option, submissionId }: OptionProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        {option.option}
        <code>{option.header}</code>
      </th>
      <td>
        <Value option={option} submissionId={submissionId} />
      </td>
      <td class="option-received">
        {option.received.map((value, index) => (
          <pre key={index}>{value}</pre>
        ))}
      </td>
    </tr>
  )
}

function Value({ option: { option, value }, submissionId }: OptionProps): JSX.Element {
  if (value === null) return <span class="value-unreadable">cannot be read</span>
  if (option === 'recipientVariables' && typeof value === 'object') {
    const count = Object.keys(value).length
    return (
      <a href={formatRoute({ page: 'submission', id: submissionId, tab: 'recipients' })}>
        {count === 1 ? '1 recipient' : `${count} recipients`}, in Recipients
      </a>
    )
  }
  if (option === 'deliverBy' && typeof value === 'string') {
    return (
      <span class="value">
        {fullTime(value)} <span class="value-note">{distance(value, new Date())}</span>
      </span>
    )
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return (
      <ul class="chips">
        {value.map((item) => (
          <li class="chip" key={item}>
            {item}
          </li>
        ))}
      </ul>
    )
  }
  return <JsonValue value={value} />
}
