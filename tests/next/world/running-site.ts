import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What a process has written so far. */
export class Log {
  text = ''
  readonly #waiting = new Set<() => void>()

  add(text: string): void {
    this.text += text
    for (const look of this.#waiting) look()
  }

  /** The whole log, as soon as it says this. */
  async waitFor(pattern: RegExp): Promise<string> {
    return await new Promise((resolve) => {
      const look = () => {
        if (!pattern.test(this.text)) return
        this.#waiting.delete(look)
        resolve(this.text)
      }
      this.#waiting.add(look)
      look()
    })
  }
}

/** A Next.js server in processes of its own, which do not outlive the test. */
export class RunningSite implements AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  readonly #process: ChildProcess
  readonly #ended: Promise<Ending>
  /** What the server has written. */
  readonly log: Log

  private constructor(url: string, process: ChildProcess, ended: Promise<Ending>, log: Log) {
    this.url = url
    this.#process = process
    this.#ended = ended
    this.log = log
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
    const log = new Log()
    const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }))
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => log.add(text))
    }
    const url = log
      .waitFor(/Local:\s+http:\/\/[\w.]+:\d+[\s\S]*Ready in/)
      .then((said) => /Local:\s+(http:\/\/[\w.]+:\d+)/.exec(said)?.[1] ?? '')
    const early = ended.then(() => {
      throw new Error(`The site did not start.\n${log.text}`)
    })
    return new RunningSite(await Promise.race([url, early]), child, ended, log)
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
