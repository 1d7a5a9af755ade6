import { useCallback, useEffect, useState } from 'preact/hooks'
import { EmulatorRequestError } from '../../src/client/api.ts'

export type Resource<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  /** `gone`: the emulator no longer holds it. */
  | { readonly state: 'failed'; readonly gone: boolean; readonly retry: () => void }

/** Loads what `key` names, and loads anew when the key changes; an earlier key's answer is dropped. */
export function useResource<Value>(
  key: string,
  load: (key: string, signal: AbortSignal) => Promise<Value>,
): Resource<Value> {
  const [answer, setAnswer] = useState<{ key: string; resource: Resource<Value> }>()
  const [attempt, setAttempt] = useState(0)
  const retry = useCallback(() => {
    setAnswer(undefined)
    setAttempt((count) => count + 1)
  }, [])

  useEffect(() => {
    const stop = new AbortController()
    load(key, stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setAnswer({ key, resource: { state: 'ready', value } })
      },
      (error: unknown) => {
        if (stop.signal.aborted) return
        const gone = error instanceof EmulatorRequestError && error.status === 404
        setAnswer({ key, resource: { state: 'failed', gone, retry } })
      },
    )
    return () => stop.abort()
  }, [key, load, attempt, retry])

  return answer?.key === key ? answer.resource : { state: 'loading' }
}
