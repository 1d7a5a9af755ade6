import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { SubmissionSummary } from '../../src/http/answers.ts'
import { rowElementId } from './mail-row.tsx'
import { navigate } from '../state/route.ts'

interface Keyboard {
  readonly shown: readonly SubmissionSummary[]
  readonly cursor: string | undefined
  readonly openId: string | undefined
  readonly isList: boolean
  readonly setCursor: (id: string) => void
  readonly searchBox: RefObject<HTMLInputElement | null>
  readonly clearSearch: () => void
}

/** `j` and `k` walk through the list, Enter opens, `/` searches, Escape goes back. */
export function useKeyboard(keyboard: Keyboard): void {
  const latest = useRef(keyboard)
  latest.current = keyboard

  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event, latest.current)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

function onKey(event: KeyboardEvent, keyboard: Keyboard): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  const target = event.target instanceof Element ? event.target : undefined

  if (event.key === 'Escape') {
    // A dialog closes by itself.
    if (!target?.closest('dialog')) leave(target, keyboard)
    return
  }
  if (target?.closest('input, select, textarea')) return

  const inList = target?.closest('.mail-list') !== null && target !== undefined
  const step = stepOf(event.key, inList)
  if (step !== 0) {
    event.preventDefault()
    move(step, keyboard)
  } else if (event.key === '/') {
    event.preventDefault()
    keyboard.searchBox.current?.select()
  } else if (event.key === 'Enter' && !target?.closest('a, button, summary') && keyboard.cursor) {
    navigate({ page: 'submission', id: keyboard.cursor, tab: 'preview' })
  }
}

function stepOf(key: string, inList: boolean): -1 | 0 | 1 {
  if (key === 'j' || (inList && key === 'ArrowDown')) return 1
  if (key === 'k' || (inList && key === 'ArrowUp')) return -1
  return 0
}

function move(step: -1 | 1, { shown, cursor, openId, setCursor }: Keyboard): void {
  const at = shown.findIndex(({ id }) => id === (openId ?? cursor))
  const next = shown[at === -1 ? 0 : Math.min(Math.max(at + step, 0), shown.length - 1)]
  if (!next) return

  if (openId === undefined) {
    setCursor(next.id)
    // The row may come into being only by this step.
    requestAnimationFrame(() => document.getElementById(rowElementId(next.id))?.focus())
  } else if (next.id !== openId) {
    navigate({ page: 'submission', id: next.id, tab: 'preview' }, 'replace')
  }
}

function leave(
  target: Element | undefined,
  { cursor, isList, searchBox, clearSearch }: Keyboard,
): void {
  if (target !== undefined && target === searchBox.current) {
    // Chromium empties the box by itself, and says so to nothing: what it finds has to follow.
    if (searchBox.current.value === '') searchBox.current.blur()
    clearSearch()
    return
  }
  if (isList) return
  navigate({ page: 'list' })
  requestAnimationFrame(() => {
    if (cursor !== undefined) document.getElementById(rowElementId(cursor))?.focus()
  })
}
