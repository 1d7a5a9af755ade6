import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMailer, type Mailer, type MailgunConfig } from '@mailgun-smtp/core'
import { vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { certificate } from '../sweep/faults/table/certificate.ts'
import type { Place, ServerKind } from './server-kind.ts'

/** A server of another house on loopback, with TLS and a login, in a folder of its own. */
export class RealServer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #kind: ServerKind
  readonly #place: Place

  private constructor(kind: ServerKind, place: Place, child: ChildProcess) {
    this.#kind = kind
    this.#place = place
    this.#child = child
  }

  static async start(kind: ServerKind): Promise<RealServer> {
    if (kind.absence !== undefined) throw new Error(kind.absence)
    const place = await newPlace()
    const command = kind.prepare(place)
    const { user } = command
    if (user !== undefined) give(place.folder, user)
    const child = spawn(command.path, command.arguments, {
      cwd: place.folder,
      env: { ...process.env, ...command.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Its own group, so that what it started ends with it.
      detached: true,
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
    let words = ''
    child.stderr.on('data', (chunk) => (words += String(chunk)))
    const server = new RealServer(kind, place, child)
    try {
      await vi.waitFor(() => greets(place.port), { timeout: 30_000, interval: 100 })
      return server
    } catch (cause) {
      await server[Symbol.asyncDispose]()
      throw new Error(`${kind.name} does not start: ${words}`, { cause })
    }
  }

  /** A mailer that logs in to it over TLS. */
  mailer(settings: Partial<MailgunConfig> = {}): Mailer {
    const { port, user, pass } = this.#place
    const auth = { user, pass }
    const tls = { ca: certificate.cert }
    return createMailer({ host: '127.0.0.1', port, secure: false, auth, tls, ...settings })
  }

  /** The mails that it took, with plain line ends. */
  taken(): string[] {
    const { mails } = this.#place
    return readdirSync(mails)
      .filter((name) => this.#kind.taken.test(name))
      .map((name) => readFileSync(join(mails, name), 'latin1').replaceAll('\r\n', '\n'))
  }

  /** How many connections to it this machine holds, by the kernel's word. */
  connections(): number {
    const port = this.#place.port.toString(16).toUpperCase().padStart(4, '0')
    // Established, or closed by the server only: proc(5), tcp_states.h of Linux.
    const held = new RegExp(`^ *\\d+: \\S+ \\w+:${port} 0[18] `, 'gm')
    return [...readFileSync('/proc/net/tcp', 'latin1').matchAll(held)].length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = once(this.#child, 'exit')
      process.kill(-pid, 'SIGKILL')
      await exit
    }
    rmSync(this.#place.folder, { recursive: true, force: true })
  }
}

async function newPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-server-'))
  const mails = join(folder, 'spool/input')
  mkdirSync(mails, { recursive: true })
  const cert = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  writeFileSync(cert, certificate.cert)
  writeFileSync(key, certificate.key, { mode: 0o600 })
  const login = { user: 'postmaster@mg.example.com', pass: 'a-real-password' }
  return {
    folder,
    mails,
    port: await freePort(),
    cert,
    key,
    ...login,
    sizeLimit: 22_000_000,
    idleTime: 2,
  }
}

function give(folder: string, user: number): void {
  chownSync(folder, user, user)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) give(path, user)
    else if (entry.isFile()) chownSync(path, user, user)
  }
}

/** Waits for the greeting, as a server may listen before it is ready. */
async function greets(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    const [words] = (await once(socket, 'data')) as [Buffer]
    if (!words.toString('latin1').startsWith('220')) throw new Error(words.toString('latin1'))
  } finally {
    socket.destroy()
  }
}
