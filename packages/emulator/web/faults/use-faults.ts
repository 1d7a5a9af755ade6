import { useCallback, useEffect, useState } from 'preact/hooks'
import { EmulatorRequestError } from '../../src/client/api.ts'
import type { FaultEntry, FaultSummary } from '../../src/http/answers.ts'
import { addFault, deleteFaults, getFaults } from '../api/api.ts'

export interface LiveFaults {
  readonly faults: readonly FaultSummary[]
  /** Why the last one was not added. */
  readonly refusal: string | undefined
  readonly add: (entry: FaultEntry) => void
  readonly clear: () => void
}

/** The faults that may still happen; `moment` changes when one may have happened. */
export function useFaults(moment: number): LiveFaults {
  const [faults, setFaults] = useState<readonly FaultSummary[]>([])
  const [refusal, setRefusal] = useState<string>()

  const follow = useCallback((answer: Promise<readonly FaultSummary[]>) => {
    answer.then(
      (list) => {
        setFaults(list)
        setRefusal(undefined)
      },
      (error: unknown) => {
        setRefusal(
          error instanceof EmulatorRequestError ? error.message : 'The emulator does not answer.',
        )
      },
    )
  }, [])

  useEffect(() => {
    const stop = new AbortController()
    getFaults(stop.signal).then(setFaults, () => undefined)
    return () => stop.abort()
  }, [moment])

  // A fault that happened without any mail is shown when the page gets the focus again.
  useEffect(() => {
    const look = () => follow(getFaults())
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [follow])

  const add = useCallback((entry: FaultEntry) => follow(addFault(entry)), [follow])
  const clear = useCallback(() => follow(deleteFaults().then(() => [])), [follow])
  return { faults, refusal, add, clear }
}
