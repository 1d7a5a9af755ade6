import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { activityText, followed } from './activity.ts'
import type { Json } from '@mailgun-smtp/core/headers'
import type { CopySummary, SubmissionDetail } from '../../src/http/answers.ts'
import { hopText, isRemarkable } from './last-hop.ts'
import { formatRoute } from '../state/route.ts'
import { variableColumns } from './variable-columns.ts'

export interface RecipientTableProps {
  readonly submission: SubmissionDetail
  readonly current: CopySummary | undefined
}

// Below this the eye finds a recipient faster than the fingers.
const filterFrom = 20

/** The copies of a batch, one a row, with each recipient's variables. */
export function RecipientTable({ submission, current }: RecipientTableProps): JSX.Element {
  const [filter, setFilter] = useState('')
  const copies = submission.copies
  const columns = variableColumns(copies)
  const hasVariables = copies.some(({ variables }) => Object.keys(variables).length > 0)
  const hasUnreplaced = copies.some(({ unreplaced }) => unreplaced.length > 0)
  const hasHops = copies.some(
    ({ deliveryStatus }) => deliveryStatus && isRemarkable(deliveryStatus),
  )
  const hasActivity = copies.some((copy) => activityText(copy) !== '')
  const shown = copies.filter((copy) => mentions(copy, filter.toLowerCase()))

  return (
    <>
      <p class="panel-note">{summary(submission)}</p>
      {copies.length >= filterFrom && (
        <input
          class="filter"
          type="search"
          value={filter}
          placeholder={`Filter ${copies.length} copies`}
          aria-label="Filter copies"
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
      )}
      <div class="table-frame" role="region" aria-label="Copies" tabIndex={0}>
        <table class="recipients">
          <thead>
            <tr>
              <th scope="col">Recipient</th>
              {hasHops && <th scope="col">Last hop</th>}
              {hasActivity && <th scope="col">Activity</th>}
              {hasUnreplaced && <th scope="col">Left unreplaced</th>}
              {columns.map((name) => (
                <th scope="col" key={name}>
                  <code>{name}</code>
                </th>
              ))}
              {hasVariables && columns.length === 0 && <th scope="col">Variables</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((copy) => (
              <tr key={copy.id} aria-current={copy.id === current?.id ? 'true' : undefined}>
                <th scope="row">
                  <a href={formatRoute({ page: 'message', id: copy.id, tab: 'preview' })}>
                    {copy.recipient}
                  </a>
                </th>
                {hasHops && <td>{copy.deliveryStatus && hopText(copy.deliveryStatus)}</td>}
                {hasActivity && <td title={followed(copy).join('\n')}>{activityText(copy)}</td>}
                {hasUnreplaced && (
                  <td title={copy.unreplaced.join(' ')}>
                    <Unreplaced tokens={copy.unreplaced} />
                  </td>
                )}
                {columns.map((name) => (
                  <td key={name} dir="auto">
                    {cell(copy.variables[name])}
                  </td>
                ))}
                {hasVariables && columns.length === 0 && (
                  <td>
                    <code>{JSON.stringify(copy.variables)}</code>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p class="panel-note">No copy matches.</p>}
      </div>
    </>
  )
}

function Unreplaced({ tokens }: { readonly tokens: readonly string[] }): JSX.Element {
  return (
    <>
      {tokens.map((token) => (
        <code class="unreplaced" key={token}>
          {token}
        </code>
      ))}
    </>
  )
}

function cell(value: Json | undefined): JSX.Element | string {
  if (value === undefined) return <span class="absent">–</span>
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function mentions({ recipient, variables }: CopySummary, lowerCaseText: string): boolean {
  if (lowerCaseText === '') return true
  return `${recipient} ${JSON.stringify(variables)}`.toLowerCase().includes(lowerCaseText)
}

function summary({ copies, personalised }: SubmissionDetail): string {
  if (copies.length === 1 && !personalised) return 'One recipient, no variables.'
  if (!personalised) {
    return `${copies.length} recipients of the same message: each can see the To and Cc headers.`
  }
  return copies.length === 1
    ? 'One recipient, with variables.'
    : `${copies.length} recipients, each with a copy of their own.`
}
