import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** How a process ended, and what it said. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A Next.js server in processes of its own, which do not outlive the test. */
export class RunningSite implements AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  readonly #process: ChildProcess
  readonly #ended: Promise<Ending>
  readonly #said: () => string

  private constructor(
    url: string,
    process: ChildProcess,
    ended: Promise<Ending>,
    said: () => string,
  ) {
    this.url = url
    this.#process = process
    this.#ended = ended
    this.#said = said
  }

  /**
   * Starts a server, and waits until it says where it is.
   *
   * @throws {Error} if it ends before, with what it said.
   */
  static async begin(
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>>,
  ): Promise<RunningSite> {
    const child = spawn(process.execPath, args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group: a development server has a child of its own, which has to end with it.
      detached: true,
    })
    let said = ''
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }))
    const url = new Promise<string>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
          const address = /Local:\s+(http:\/\/[\w.]+:\d+)/.exec(said)?.[1]
          if (address !== undefined && said.includes('Ready in')) resolve(address)
        })
      }
    })
    const early = ended.then(() => {
      throw new Error(`The site did not start.\n${said}`)
    })
    return new RunningSite(await Promise.race([url, early]), child, ended, () => said)
  }

  /** What the server has written to its log. */
  get log(): string {
    return this.#said()
  }

  /** Asks the server to end, as a platform does. */
  terminate(): void {
    this.#process.kill('SIGTERM')
  }

  /** When it has ended. */
  get ended(): Promise<Ending> {
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process
    if (pid !== undefined && exitCode === null && signalCode === null) {
      process.kill(-pid, 'SIGKILL')
    }
    await this.#ended
  }
}
