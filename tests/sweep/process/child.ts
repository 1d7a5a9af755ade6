import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** How a child process ended, and the JSON it printed before, if it did. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly printed: unknown
}

/** A program of this folder in a process of its own, which does not outlive its test. */
export class Child implements AsyncDisposable {
  readonly ended: Promise<Ending>
  readonly #process: ChildProcess

  /** @param input what the program is told, as JSON. */
  constructor(name: string, input: unknown, nodeOptions: readonly string[] = []) {
    const path = fileURLToPath(new URL(`children/${name}.mjs`, import.meta.url))
    const imports = ['--import', new URL('children/with-parent.mjs', import.meta.url).href]
    const argv = [...nodeOptions, ...imports, path, JSON.stringify(input)]
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process = child
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    this.ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      printed: text === '' ? undefined : (JSON.parse(text) as unknown),
    }))
  }

  /** Waits for something that has to happen while the child runs. */
  async during(event: Promise<void>): Promise<void> {
    const isEarly = this.ended.then((ending) => {
      throw new Error(`The child ended before: ${JSON.stringify(ending)}`)
    })
    await Promise.race([event, isEarly])
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended
  }
}
