import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { freePort } from '../../free-port.ts'
import type { InstalledRedis } from './find-redis.ts'

/** A Redis server on this machine, with nothing on its disk. */
export class RedisServer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly url: string

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.url = `redis://127.0.0.1:${port}`
  }

  static async start({ path, environment }: InstalledRedis): Promise<RedisServer> {
    const port = await freePort()
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: tmpdir() }
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn(path, flags, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface(child.stdout)) {
      if (/ready to accept connections/i.test(line)) break
    }
    child.stdout.resume()
    return new RedisServer(child, port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}
