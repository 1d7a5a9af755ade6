import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { SubmissionDetail } from '../../src/http/answers.ts'
import { type Tab, tabs } from '../state/route.ts'

export interface TabListProps {
  readonly submission: SubmissionDetail
  readonly current: Tab
  readonly onSelect: (tab: Tab) => void
}

const labels: { readonly [Name in Tab]: string } = {
  preview: 'Preview',
  text: 'Text',
  source: 'Source',
  mailgun: 'Mailgun',
  recipients: 'Recipients',
  headers: 'Headers',
  difference: 'Difference',
  parts: 'Parts',
  session: 'SMTP',
}

export const panelId = 'message-panel'

export function tabId(tab: Tab): string {
  return `tab-${tab}`
}

export function TabList({ submission, current, onSelect }: TabListProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null)

  // On a phone the tabs are wider than the screen.
  useEffect(() => {
    const tab = list.current?.querySelector(`#${tabId(current)}`)
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])

  const shown = tabs.filter((tab) => tab !== 'difference' || submission.copies.length > 1)
  const walk = (event: KeyboardEvent) => {
    const next = neighbour(shown, current, event.key)
    if (!next) return
    event.preventDefault()
    onSelect(next)
    list.current?.querySelector<HTMLElement>(`#${tabId(next)}`)?.focus()
  }

  return (
    <div class="tabs" role="tablist" aria-label="Views of the mail" ref={list} onKeyDown={walk}>
      {shown.map((tab) => (
        <button
          key={tab}
          id={tabId(tab)}
          class="tab"
          type="button"
          role="tab"
          aria-selected={tab === current}
          aria-controls={panelId}
          tabIndex={tab === current ? 0 : -1}
          onClick={() => onSelect(tab)}
        >
          {labels[tab]}
          <Badge tab={tab} submission={submission} />
        </button>
      ))}
    </div>
  )
}

interface BadgeProps {
  readonly tab: Tab
  readonly submission: SubmissionDetail
}

function Badge({ tab, submission }: BadgeProps): JSX.Element | null {
  const { options, diagnostics, copies } = submission
  const broken = copies.filter(({ unreplaced }) => unreplaced.length > 0).length
  if (tab === 'mailgun') {
    return (
      <>
        {options.length > 0 && <span class="badge">{options.length}</span>}
        {diagnostics.length > 0 && (
          <span class="badge badge-problem" title="Warnings">
            {diagnostics.length}
          </span>
        )}
      </>
    )
  }
  if (tab !== 'recipients') return null
  return (
    <>
      {copies.length > 1 && <span class="badge">{copies.length}</span>}
      {broken > 0 && (
        <span class="badge badge-error" title="Copies with unreplaced placeholders">
          {broken}
        </span>
      )}
    </>
  )
}

function neighbour(tabs: readonly Tab[], tab: Tab, key: string): Tab | undefined {
  const at = tabs.indexOf(tab)
  if (key === 'ArrowRight') return tabs[(at + 1) % tabs.length]
  if (key === 'ArrowLeft') return tabs.at(at - 1)
  if (key === 'Home') return tabs[0]
  if (key === 'End') return tabs.at(-1)
  return undefined
}
