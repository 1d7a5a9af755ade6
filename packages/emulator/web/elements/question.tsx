import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export interface QuestionProps {
  readonly title: string
  readonly children: ComponentChildren
  /** What the button does that goes ahead. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** Asks before something is done that cannot be undone. */
export function Question(props: QuestionProps): JSX.Element {
  const { title, children, action, onConfirm, onCancel } = props
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])

  return (
    <dialog class="question" ref={dialog} onClose={onCancel} aria-labelledby="question-title">
      <h2 id="question-title">{title}</h2>
      <p>{children}</p>
      <div class="question-buttons">
        <button type="button" class="button" onClick={onCancel}>
          Keep
        </button>
        <button type="button" class="button button-danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  )
}
