import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { CopyDetail } from '../../src/http/answers.ts'
import { htmlUrl } from '../api/api.ts'
import { Choice } from '../elements/choice.tsx'
import { Icon } from '../elements/icon.tsx'
import { PlainText } from './plain-text.tsx'

export interface PreviewProps {
  readonly content: CopyDetail
  readonly remoteImages: boolean
  readonly onRemoteImages: (shown: boolean) => void
}

type Screen = 'desktop' | 'tablet' | 'phone'

const screens = [
  { value: 'desktop', label: 'Desktop', icon: 'desktop' },
  { value: 'tablet', label: 'Tablet, 768 px', icon: 'tablet' },
  { value: 'phone', label: 'Phone, 390 px', icon: 'phone' },
] as const

// Kept while mails come and go: one who checks phone layouts checks them all at that width.
let chosen: Screen = 'desktop'

/** The HTML of a copy, or its text if there is none. */
export function Preview({ content, remoteImages, onRemoteImages }: PreviewProps): JSX.Element {
  const [screen, setScreen] = useState(chosen)
  const url = htmlUrl(content.id, remoteImages)

  if (!content.hasHtml) {
    return (
      <>
        <p class="panel-note">This message has no HTML part. Its text:</p>
        <PlainText text={content.text} />
      </>
    )
  }
  return (
    <>
      <div class="toolbar">
        <Choice
          label="Width"
          options={screens}
          value={screen}
          onChoose={(next) => setScreen((chosen = next))}
        />
        <button
          type="button"
          class="button button-quiet"
          aria-pressed={remoteImages}
          onClick={() => onRemoteImages(!remoteImages)}
        >
          <Icon name="image" />
          {remoteImages ? 'Remote images shown' : 'Load remote images'}
        </button>
        <a
          class="icon-button toolbar-end"
          href={url}
          target="_blank"
          rel="noreferrer"
          title="Open in a tab of its own"
          aria-label="Open in a tab of its own"
        >
          <Icon name="open" />
        </a>
      </div>
      <div class={`stage stage-${screen}`}>
        <iframe
          key={url}
          // Without scripts and in an origin of its own; the answer carries the same as its policy.
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
          src={url}
          title="The mail as HTML"
        />
      </div>
    </>
  )
}
