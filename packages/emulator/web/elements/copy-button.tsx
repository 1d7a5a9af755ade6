import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, for the button's name. */
  readonly what: string
}

const shownMs = 1500

/** Copies a string; it is not shown where the browser has no clipboard. */
export function CopyButton({ text, what }: CopyButtonProps): JSX.Element | null {
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])

  if (!window.isSecureContext) return null
  const label = copied ? 'Copied' : `Copy ${what}`
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <button type="button" class="copy-button" onClick={copy} aria-label={label} title={label}>
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  )
}
