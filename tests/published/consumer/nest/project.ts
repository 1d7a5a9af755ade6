import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { runIn } from './application.ts'

const rooms = ['core', 'emulator', 'nestjs'] as const

/** A NestJS project in a folder of its own, with our packages from their tarballs. */
export class NestProject implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'mailgun-smtp-nest-'))
  readonly #tarballs: readonly (readonly [name: string, source: string])[]

  /** @param dependencies What it has beside our packages. */
  constructor(dependencies: Readonly<Record<string, string>>) {
    const tarballs = inject('tarballs')
    this.#tarballs = rooms.map((room) => {
      const name = `@mailgun-smtp/${room}`
      return [name, `file:${tarballs[name]}`]
    })
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(
      join(this.folder, 'package.json'),
      JSON.stringify({
        private: true,
        type: 'module',
        dependencies: { ...dependencies, ...Object.fromEntries(this.#tarballs) },
      }),
    )
  }

  /** Installs everything from the registry, by npm or by pnpm. */
  install(manager: 'npm' | 'pnpm'): void {
    if (manager === 'npm') {
      runIn(this.folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline')
      return
    }
    // Our packages name each other by version, and the registry may not have that version yet.
    const overrides = this.#tarballs.map(([name, source]) => `  '${name}': '${source}'\n`)
    writeFileSync(join(this.folder, 'pnpm-workspace.yaml'), `overrides:\n${overrides.join('')}`)
    const pnpm = ['-y', '--prefer-offline', 'pnpm@12.21.0'] as const
    runIn(this.folder, 'npx', ...pnpm, 'install', '--prefer-offline')
  }

  /** Runs a program that the project has installed, and returns what it printed. */
  run(program: string, ...args: string[]): string {
    return runIn(this.folder, join(this.folder, 'node_modules/.bin', program), ...args)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
