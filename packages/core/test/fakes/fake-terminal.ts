import { run } from '../../src/command-line/run.ts'
import { auth, type ScriptedServer } from '../scripted-server/scripted-server.ts'

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number
  readonly printed: string
  readonly complaints: string
}

/** What a command finds when it starts. */
export interface Circumstances {
  readonly environment?: NodeJS.ProcessEnv
  readonly input?: string
  readonly color?: boolean
  readonly signal?: AbortSignal
}

/** Runs the command line as its process would, and keeps what it says. */
export async function runCommand(
  args: readonly string[],
  { environment = {}, input = '', color = false, signal }: Circumstances = {},
): Promise<Ended> {
  const said = { printed: '', complaints: '' }
  const code = await run(args, {
    environment,
    color,
    signal: signal ?? new AbortController().signal,
    readInput: () => Promise.resolve(input),
    print: (text) => (said.printed += text),
    complain: (sentence) => (said.complaints += `${sentence}\n`),
  })
  return { code, ...said }
}

/** The URL of a scripted server without TLS. */
export function urlOf({ port }: ScriptedServer): string {
  const login = `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.pass)}`
  return `smtp://${login}@127.0.0.1:${port}?requireTLS=false`
}
