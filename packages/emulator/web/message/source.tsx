import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SubmissionDetail } from '../../src/http/answers.ts'
import { getSource, sourceUrl } from '../api/api.ts'
import { Choice } from '../elements/choice.tsx'
import { CopyButton } from '../elements/copy-button.tsx'
import { Failure } from '../elements/failure.tsx'
import { Loading } from '../elements/loading.tsx'
import { useResource } from '../state/use-resource.ts'
import { byteSize } from '../words/byte-size.ts'

export interface SourceProps {
  readonly submission: SubmissionDetail
  readonly copyId: string
}

export type Side = 'copy' | 'received'

export const sides = [
  { value: 'copy', label: 'This copy' },
  { value: 'received', label: 'As received' },
] as const

// More than this in one element makes scrolling stick.
const mostShown = 400_000

/** The message as source: the copy of one recipient, or what SMTP brought for all. */
export function Source({ submission, copyId }: SourceProps): JSX.Element {
  const [side, setSide] = useState<Side>('copy')
  const of = side === 'copy' ? { copyId } : { submissionId: submission.id }
  const url = sourceUrl(of, 'raw')
  const source = useResource(url, getSource)

  return (
    <>
      <div class="toolbar">
        <Choice label="Which source" options={sides} value={side} onChoose={setSide} />
        {source.state === 'ready' && <CopyButton text={source.value} what="the source" />}
        <a class="toolbar-end" href={sourceUrl(of, 'eml')} download>
          Download .eml
        </a>
        <a href={url} target="_blank" rel="noreferrer">
          Raw
        </a>
      </div>
      {source.state === 'loading' && <Loading />}
      {source.state === 'failed' && <Failure failure={source} what="the source" />}
      {source.state === 'ready' && (
        <>
          <pre class="source">{source.value.slice(0, mostShown)}</pre>
          {source.value.length > mostShown && (
            <p class="panel-note">
              The first {byteSize(mostShown)} of {byteSize(source.value.length)}.{' '}
              <a href={url} target="_blank" rel="noreferrer">
                Open all of it
              </a>
            </p>
          )}
        </>
      )}
    </>
  )
}
