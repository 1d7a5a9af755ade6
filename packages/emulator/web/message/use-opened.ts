import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { EmulatorRequestError } from '../../src/client/api.ts'
import type { CopySummary, SubmissionDetail } from '../../src/http/answers.ts'
import { getCopy, getSubmission } from '../api/api.ts'
import type { Route, Tab } from '../state/route.ts'
import type { Activity } from '../inbox/follow.ts'
import type { Resource } from '../state/use-resource.ts'

export interface Opened {
  readonly submission: SubmissionDetail
  /** The copy to show: the one that was asked for, or the first. */
  readonly copy: CopySummary | undefined
}

export type OpenRoute = Extract<Route, { readonly id: string; readonly tab: Tab }>

/** The submission that a route names, by itself or by one of its copies; asked for once per submission. */
export function useOpened(
  { page, id }: OpenRoute,
  activity: Activity | undefined,
): Resource<Opened> {
  const [held, setHeld] = useState<SubmissionDetail>()
  const [failure, setFailure] = useState<{ readonly id: string; readonly gone: boolean }>()
  const [attempt, setAttempt] = useState(0)
  const submission = held && names(held, page, id) ? held : undefined
  const missing = submission === undefined

  useEffect(() => {
    if (!missing) return
    const stop = new AbortController()
    load(page, id, stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setHeld(value)
      },
      (error: unknown) => {
        const gone = error instanceof EmulatorRequestError && error.status === 404
        if (!stop.signal.aborted) setFailure({ id, gone })
      },
    )
    return () => stop.abort()
  }, [page, id, missing, attempt])

  const heldId = held?.id
  useEffect(() => {
    if (heldId === undefined || activity?.submissionId !== heldId) return
    const stop = new AbortController()
    getSubmission(heldId, stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setHeld(value)
      },
      // What is shown stays, and the next activity brings it up to date.
      () => undefined,
    )
    return () => stop.abort()
  }, [heldId, activity])

  const retry = useCallback(() => {
    setFailure(undefined)
    setAttempt((count) => count + 1)
  }, [])

  return useMemo(() => {
    if (submission) {
      const copy = submission.copies.find((message) => message.id === id)
      return { state: 'ready', value: { submission, copy: copy ?? submission.copies[0] } }
    }
    if (failure?.id === id) return { state: 'failed', gone: failure.gone, retry }
    return { state: 'loading' }
  }, [submission, failure, id, retry])
}

function names(submission: SubmissionDetail, page: OpenRoute['page'], id: string): boolean {
  if (page === 'submission') return submission.id === id
  return submission.copies.some((copy) => copy.id === id)
}

async function load(
  page: OpenRoute['page'],
  id: string,
  signal: AbortSignal,
): Promise<SubmissionDetail> {
  if (page === 'submission') return getSubmission(id, signal)
  const { submissionId } = await getCopy(id, signal)
  return getSubmission(submissionId, signal)
}
