import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The addresses that the demo prints, by their labels: `Shop`, `Inbox`, `Sign up`, … */
export type Addresses = Readonly<Record<string, string>>

/** Environment variables that it gets beside those of this process. */
export type Environment = Readonly<Record<string, string>>

/** How the demo ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The demo as `npm start` runs it, built, in a process of its own. */
export class RunningDemo implements AsyncDisposable {
  readonly process: ChildProcess
  readonly ended: Promise<Ending>
  #output = ''

  /** Starts it on any free ports. */
  constructor(environment: Environment = {}, args: readonly string[] = ['--any-port']) {
    const { MAILGUN_SMTP_URL: _real, ...ours } = process.env
    this.process = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../dist/main.js', import.meta.url)), ...args],
      { env: { ...ours, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    }
    this.ended = once(this.process, 'close').then(([code, signal]: unknown[]) => ({
      code: code as Ending['code'],
      signal: signal as Ending['signal'],
    }))
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  /**
   * Waits until it is open.
   *
   * @throws {Error} with what it printed, if it ends before.
   */
  async opened(): Promise<Addresses> {
    const ended = this.ended.then(() => true)
    while (!this.#output.includes('Ctrl-C closes it.')) {
      const { stdout } = this.process
      if (!stdout || (await Promise.race([once(stdout, 'data').then(() => false), ended]))) {
        throw new Error(`The demo did not open:\n${this.#output}`)
      }
    }
    return Object.fromEntries(
      Array.from(
        this.#output.matchAll(/^ {2}(\w+(?: \w+)*) {2,}(\S+)/gm),
        ([, label = '', address = '']) => [label, address.replace(/[/,]+$/, '')],
      ),
    )
  }

  /** The processes that it has started, by their ids. */
  childIds(): number[] {
    return childrenOf(this.process.pid ?? 0)
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal)
  }

  /** Asks it to end, and waits until it has. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.signal(signal)
    return await this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isRunning = this.process.exitCode === null && this.process.signalCode === null
    if (isRunning) await this.end()
  }
}

/** Whether a process runs; one that has ended and that nobody has asked about does not. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
  } catch {
    return false
  }
  const state = `/proc/${id}/stat`
  return !existsSync(state) || !/^\d+ \(.*\) Z/.test(readFileSync(state, 'utf8'))
}

/** Whether something listens at `http://host:port` or `host:port`. */
export async function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address.startsWith('http') ? address : `tcp://${address}`)
  const socket = createConnection({ host: hostname, port: Number(port) })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** From Linux's process table; elsewhere nobody is known. */
function childrenOf(parent: number): number[] {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
        return Number(/\) \S (\d+)/.exec(stat)?.[1]) === parent
      } catch {
        // It has ended since the folder was read.
        return false
      }
    })
}
