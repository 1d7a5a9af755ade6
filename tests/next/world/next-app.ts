import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { inject } from 'vitest'
import { freePort } from '../../free-port.ts'
import { installInto, reactEmail, type InstalledPackage, unpack } from '../../installed-under.ts'
import { root } from '../../workspace.ts'
import { guideFiles } from './guide-files.ts'
import { RunningSite } from './running-site.ts'

/** What an app is made with. */
export interface Kit {
  /** The newest version of each major one that is supported, or the oldest. */
  readonly next: '16' | '15.5' | '15.1'
  readonly bundler: 'turbopack' | 'webpack'
  /** Whether the app has installed the optional `@react-email/render`. */
  readonly reactEmail: boolean
  /** The app's `next.config`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Files in place of the site's own. */
  readonly files?: Readonly<Record<string, string>>
}

// Next.js 15 checks types by the compiler's JavaScript API, which TypeScript 7 no longer has.
const typescript = ['typescript', 'typescript-5'] as const

/** What each version of Next.js needs in the app's own `node_modules`. */
const installed: Readonly<Record<Kit['next'], readonly InstalledPackage[]>> = {
  '16': [],
  '15.5': [['next', 'next-15-5'], typescript],
  '15.1': [['next', 'next-15-1'], typescript],
}

/** What the site signs its forms with. */
export const secret = 'secret-canary-of-thirty-two-chars'

/** An app of its own: the files that the guide tells, those of `site/`, and our packages from their tarballs. */
export class NextApp implements Disposable {
  readonly folder: string
  readonly #kit: Kit

  constructor(kit: Kit) {
    this.#kit = kit
    // Within the workspace, as Turbopack reads nothing outside of the folder that holds the lockfile.
    const apps = `${root}tests/.next-apps`
    mkdirSync(apps, { recursive: true })
    writeFileSync(`${apps}/.gitignore`, '*\n')
    this.folder = mkdtempSync(`${apps}/app-`)
    for (const [path, code] of guideFiles()) this.write(path, code)
    cpSync(`${root}tests/next/site`, this.folder, { recursive: true })
    for (const [path, code] of Object.entries(kit.files ?? {})) this.write(path, code)
    this.write('package.json', '{ "name": "site", "private": true }')
    this.write('next.config.mjs', `export default ${JSON.stringify(kit.config ?? {})}`)
    this.#install()
  }

  /** Writes one of the app's files. */
  write(path: string, content: string): void {
    const file = join(this.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  /**
   * Builds the app, with the credentials of the emulator at hand.
   *
   * @throws {Error} with the build's output, if it fails.
   */
  async build(emulator: MailgunEmulator): Promise<void> {
    const bundler = this.#kit.next === '16' ? [`--${this.#kit.bundler}`] : []
    const child = spawn(process.execPath, [this.#next, 'build', ...bundler], {
      cwd: this.folder,
      env: this.#environment(emulator) as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [said, complained, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    if (status !== 0) throw new Error(`next build: ${status}\n${said}\n${complained}`)
  }

  /** Starts what was built. */
  async start(emulator: MailgunEmulator): Promise<RunningSite> {
    const args = [this.#next, 'start', '-p', '0', '-H', '127.0.0.1']
    return await RunningSite.begin(args, this.folder, this.#environment(emulator))
  }

  /** Starts the folder that `output: 'standalone'` makes, as the manual of Next.js tells. */
  async startStandalone(emulator: MailgunEmulator): Promise<RunningSite> {
    const standalone = join(this.folder, '.next/standalone')
    const own = join(standalone, this.folder.slice(root.length))
    cpSync(join(this.folder, '.next/static'), join(own, '.next/static'), { recursive: true })
    return await RunningSite.begin(['server.js'], own, {
      ...this.#environment(emulator),
      HOSTNAME: '127.0.0.1',
      PORT: String(await freePort()),
    })
  }

  /** Starts the development server. */
  async dev(emulator: MailgunEmulator): Promise<RunningSite> {
    const bundler = this.#kit.bundler === 'turbopack' ? ['--turbopack'] : []
    const args = [this.#next, 'dev', ...bundler, '-p', '0', '-H', '127.0.0.1']
    return await RunningSite.begin(args, this.folder, this.#environment(emulator))
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  get #next(): string {
    const folder = this.#kit.next === '16' ? `${root}tests` : this.folder
    return join(realpathSync(`${folder}/node_modules/next`), 'dist/bin/next')
  }

  #install(): void {
    const tarballs = inject('tarballs')
    for (const name of ['@mailgun-smtp/core', '@mailgun-smtp/next']) {
      const target = join(this.folder, 'node_modules', name)
      mkdirSync(target, { recursive: true })
      unpack(tarballs[name] ?? '', target)
    }
    installInto(this.folder, [
      ...installed[this.#kit.next],
      ...(this.#kit.reactEmail ? [reactEmail] : []),
    ])
  }

  /** Nothing of the test run's own environment: Vitest sets NODE_ENV, for one. */
  #environment(emulator: MailgunEmulator): Readonly<Record<string, string>> {
    const authority = join(this.folder, 'ca.pem')
    writeFileSync(authority, emulator.ca)
    return {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      CI: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_EXTRA_CA_CERTS: authority,
      FORM_SECRET: secret,
      // Pooled, so that connections tell how many pools there are.
      MAILGUN_SMTP_URL: `${emulator.smtpUrl}?pool=true`,
    }
  }
}
