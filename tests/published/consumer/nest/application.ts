import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../workspace.ts'

const source = `${root}tests/published/consumer/nest`

/** What the application prints: the reply, and the options that arrived. */
export const printed = 'Great success {"track":false,"tags":["shop"],"variables":{"id":"41"}}\n'

/** Writes the application into a project that has its packages: once as an ES module, once as CommonJS. */
export function writeApplication(folder: string): void {
  mkdirSync(join(folder, 'src'), { recursive: true })
  copyFileSync(`${source}/app.ts`, join(folder, 'src/esm.mts'))
  copyFileSync(`${source}/app.ts`, join(folder, 'src/commonjs.cts'))
  copyFileSync(`${source}/tsconfig.json`, join(folder, 'tsconfig.json'))
}

/** Writes what needs `@nestjs/terminus`, which an application may do without. */
export function writeHealth(folder: string): void {
  copyFileSync(`${source}/health.ts`, join(folder, 'src/health.ts'))
}

/** Runs a command in a project, and returns what it printed. */
export function runIn(folder: string, command: string, ...args: string[]): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
  return stdout
}
