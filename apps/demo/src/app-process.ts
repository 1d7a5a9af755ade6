import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An app that the demo runs in a process of its own. */
export interface AppPlan {
  readonly name: string
  /** The module to run. */
  readonly module: URL
  /** Its environment, which is all that it knows of the demo. */
  readonly environment: NodeJS.ProcessEnv
}

/** How long an app may take to end, in milliseconds. */
const patience = 1500

/** A running app. */
export class AppProcess {
  /** Resolves when it answers. Rejects if it ends before. */
  readonly ready: Promise<void>
  /** Never resolves; rejects if it ends by itself. */
  readonly crashed: Promise<never>
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #isStopping = false

  constructor({ name, module, environment }: AppPlan, folder: URL) {
    const child = fork(fileURLToPath(module), {
      cwd: fileURLToPath(folder),
      env: environment,
      // A debugger of the demo is not one of its apps.
      execArgv: [],
      // An app says what went wrong; what went well, the demo says.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.once('exit', resolve)
      // It could not even be started.
      child.once('error', resolve)
    })
    this.crashed = new Promise((_resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (this.#isStopping) return
        const how = signal ? `was ended by ${signal}` : `ended by itself with code ${code}`
        reject(new Error(`The ${name} app ${how}.`))
      })
    })
    // Callers may wait for it, but do not have to.
    this.crashed.catch(() => {})
    this.ready = Promise.race([once(child, 'message').then(() => {}), this.crashed])
    this.ready.catch(() => {})
  }

  /** Lets it finish what it is doing, within limits. */
  async stop(): Promise<void> {
    this.#isStopping = true
    // Not a signal: on Windows that would be a kill.
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => this.kill(), patience)
    await this.#ended
    clearTimeout(timer)
  }

  /** Ends it at once. */
  kill(): void {
    this.#isStopping = true
    this.#child.kill('SIGKILL')
  }
}
