import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { CopyDetail, CopySummary, SubmissionDetail } from '../../src/http/answers.ts'
import { getCopy } from '../api/api.ts'
import { Failure } from '../elements/failure.tsx'
import { Loading } from '../elements/loading.tsx'
import { useResource } from '../state/use-resource.ts'
import { lineDifference } from './line-difference.ts'

export interface DifferenceProps {
  readonly submission: SubmissionDetail
  /** The copy that is open. */
  readonly content: CopyDetail
}

/** What another recipient reads that this one does not. */
export function Difference({ submission, content }: DifferenceProps): JSX.Element {
  const others = submission.copies.filter(({ id }) => id !== content.id)
  const [chosen, setChosen] = useState<string>()
  const other = others.find(({ id }) => id === chosen) ?? others[0]
  if (!other) return <p class="panel-note">This message has one copy only.</p>
  return (
    <>
      <label class="toolbar difference-choice">
        {content.recipient} compared with
        <select value={other.id} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {others.map(({ id, recipient }) => (
            <option key={id} value={id}>
              {recipient}
            </option>
          ))}
        </select>
      </label>
      <Lines content={content} other={other} />
    </>
  )
}

function Lines({
  content,
  other,
}: {
  readonly content: CopyDetail
  readonly other: CopySummary
}): JSX.Element {
  const loaded = useResource(other.id, getCopy)
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'failed') return <Failure failure={loaded} what="the other copy" />
  const lines = lineDifference(linesOf(content), linesOf(loaded.value))
  if (lines.every((line) => line.in === 'both')) {
    return <p class="panel-note">Both recipients read the same.</p>
  }
  return (
    <div class="difference" role="table" aria-label="Difference, line by line">
      {lines.map((line, index) => (
        <div key={index} role="row" class={`difference-${line.in}`}>
          <span role="cell" aria-label={sides[line.in]}>
            {marks[line.in]}
          </span>
          <span role="cell">{line.text || ' '}</span>
        </div>
      ))}
    </div>
  )
}

const marks = { both: ' ', first: '−', second: '+' } as const
const sides = { both: 'in both', first: 'in this copy', second: 'in the other copy' } as const

// They differ from copy to copy and are not for people.
const ofTransport =
  /^(?:dkim-signature|received|x-mailgun-(?:sid|sending-ip|recipient-variables))$/i

/** What the recipient reads, as lines. */
function linesOf({ headers, text, html }: CopyDetail): readonly string[] {
  const shown = headers.filter(([name]) => !ofTransport.test(name))
  return [
    ...shown.map(([name, value]) => `${name}: ${value}`),
    '',
    ...text.split('\n'),
    ...(html === null ? [] : ['', ...html.split('\n')]),
  ]
}
