import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Activity } from '../inbox/follow.ts'
import { formatRoute } from '../state/route.ts'
import { type OpenRoute, useOpened } from './use-opened.ts'
import { Failure } from '../elements/failure.tsx'
import { Loading } from '../elements/loading.tsx'
import { MessageView } from './message-view.tsx'

export interface MessagePageProps {
  readonly route: OpenRoute
  readonly activity: Activity | undefined
  readonly onOpened: (submissionId: string) => void
  readonly onRemove: (submissionId: string) => void
}

export function MessagePage({
  route,
  activity,
  onOpened,
  onRemove,
}: MessagePageProps): JSX.Element {
  const opened = useOpened(route, activity)
  const submissionId = opened.state === 'ready' ? opened.value.submission.id : undefined

  useEffect(() => {
    if (submissionId !== undefined) onOpened(submissionId)
  }, [submissionId, onOpened])

  switch (opened.state) {
    case 'loading':
      return <Loading />
    case 'failed':
      return (
        <section class="waiting">
          <h1>{opened.gone ? 'This message is gone' : 'This message did not open'}</h1>
          <Failure failure={opened} what="this message" />
          <a class="button" href={formatRoute({ page: 'list' })}>
            Show the inbox
          </a>
        </section>
      )
    case 'ready':
      return <MessageView route={route} {...opened.value} onRemove={onRemove} />
  }
}
