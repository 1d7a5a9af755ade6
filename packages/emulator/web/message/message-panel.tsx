import type { JSX } from 'preact'
import type { CopyDetail, CopySummary, SubmissionDetail } from '../../src/http/answers.ts'
import type { Tab } from '../state/route.ts'
import type { Resource } from '../state/use-resource.ts'
import { Failure } from '../elements/failure.tsx'
import { Difference } from './difference.tsx'
import { HeaderTable } from './header-table.tsx'
import { Loading } from '../elements/loading.tsx'
import { OptionList } from './option-list.tsx'
import { Parts } from './parts.tsx'
import { PlainText } from './plain-text.tsx'
import { Preview } from './preview.tsx'
import { RecipientTable } from './recipient-table.tsx'
import { Source } from './source.tsx'
import { panelId, tabId } from './tab-list.tsx'
import { TranscriptPanel } from './transcript.tsx'

export interface MessagePanelProps {
  readonly submission: SubmissionDetail
  readonly copy: CopySummary | undefined
  readonly content: Resource<CopyDetail>
  readonly tab: Tab
  readonly remoteImages: boolean
  readonly onRemoteImages: (shown: boolean) => void
}

export function MessagePanel(props: MessagePanelProps): JSX.Element {
  return (
    <div
      id={panelId}
      class={`panel panel-${props.tab}`}
      role="tabpanel"
      aria-labelledby={tabId(props.tab)}
      tabIndex={0}
      // A new tab or mail starts at its top.
      key={`${props.tab} ${props.submission.id}`}
    >
      <Content {...props} />
    </div>
  )
}

function Content(props: MessagePanelProps): JSX.Element {
  const { submission, copy, content, tab, remoteImages, onRemoteImages } = props
  if (tab === 'mailgun') return <OptionList submission={submission} />
  if (tab === 'recipients') return <RecipientTable submission={submission} current={copy} />
  if (!copy) return <Loading />
  // The source can be shown even of a mail that cannot be decoded.
  if (tab === 'source') return <Source submission={submission} copyId={copy.id} />
  if (tab === 'parts') return <Parts copyId={copy.id} />
  if (tab === 'session') return <TranscriptPanel sessionId={submission.session.id} />
  if (content.state === 'loading') return <Loading />
  if (content.state === 'failed') return <Failure failure={content} what="this copy" />

  switch (tab) {
    case 'preview':
      return (
        <Preview
          content={content.value}
          remoteImages={remoteImages}
          onRemoteImages={onRemoteImages}
        />
      )
    case 'text':
      return <PlainText text={content.value.text} />
    case 'difference':
      return <Difference submission={submission} content={content.value} />
    case 'headers':
      return <HeaderTable submission={submission} content={content.value} />
  }
}
