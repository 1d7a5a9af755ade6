import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { getCopy } from '../api/api.ts'
import { navigate, type Tab } from '../state/route.ts'
import type { Opened, OpenRoute } from './use-opened.ts'
import { useResource } from '../state/use-resource.ts'
import { CopySwitcher } from './copy-switcher.tsx'
import { MessageHead } from './message-head.tsx'
import { MessagePanel } from './message-panel.tsx'
import { TabList } from './tab-list.tsx'

export interface MessageViewProps extends Opened {
  readonly route: OpenRoute
  readonly onRemove: (submissionId: string) => void
}

/** One submission, by the copy of one of its recipients. */
export function MessageView({ route, submission, copy, onRemove }: MessageViewProps): JSX.Element {
  const content = useResource(copy?.id ?? '', getCopy)
  const [remoteImagesOf, setRemoteImagesOf] = useState<string>()
  const heading = useRef<HTMLHeadingElement>(null)

  // On a phone the list is gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [submission.id])

  const go = (tab: Tab, copyId?: string) =>
    navigate(
      copyId === undefined ? { ...route, tab } : { page: 'message', id: copyId, tab },
      'replace',
    )

  return (
    <article class="message">
      <MessageHead
        submission={submission}
        copy={copy}
        attachments={content.state === 'ready' ? content.value.attachments : []}
        heading={heading}
        onRemove={() => onRemove(submission.id)}
      />
      {copy && submission.copies.length > 1 && (
        <CopySwitcher
          copies={submission.copies}
          current={copy}
          onSwitch={(copyId) => go(route.tab, copyId)}
        />
      )}
      <TabList submission={submission} current={route.tab} onSelect={(tab) => go(tab)} />
      <MessagePanel
        submission={submission}
        copy={copy}
        content={content}
        tab={route.tab}
        remoteImages={remoteImagesOf === submission.id}
        onRemoteImages={(shown) => setRemoteImagesOf(shown ? submission.id : undefined)}
      />
    </article>
  )
}
