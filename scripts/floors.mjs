// The floors of every package, lowest first, and their picture in ARCHITECTURE.md. tests/house/floors.test.ts holds
// the imports to them; `node scripts/floors.mjs` draws the picture anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * By source folder: the rooms of each floor, from the lowest. A room is a folder, or a file of the source folder itself.
 * A room may import from lower floors only.
 *
 * @type {Readonly<Record<string, readonly (readonly string[])[]>>}
 */
export const floors = {
  'packages/core/src': [
    ['regions.ts', 'process-wide.ts', 'version.ts'],
    ['session'],
    ['outcome'],
    ['options', 'observe'],
    ['message', 'headers.ts'],
    ['idempotency'],
    ['batch', 'config', 'idempotency/stores'],
    ['doctor', 'delivery'],
    ['nodemailer', 'doctor.ts'],
    ['transport', 'testing'],
    ['mailer', 'jest.ts', 'matchers.ts', 'node-test.ts', 'vitest.ts'],
    ['command-line', 'index.ts', 'testing.ts'],
  ],
  'packages/emulator/src': [
    ['clock.ts', 'evidence.ts', 'package.ts', 'certificate', 'faults', 'mime', 'matchers'],
    ['records', 'tracking', 'dkim'],
    ['smtp'],
    ['mail'],
    ['inbox', 'search', 'policy', 'diagnostics'],
    ['http', 'settings', 'former-names.ts', 'tables.ts'],
    ['client', 'emulator'],
    ['command-line', 'index.ts'],
  ],
  'packages/emulator/web': [
    ['api', 'state', 'words', 'vite.config.ts'],
    ['elements'],
    ['connect', 'faults', 'inbox'],
    ['message'],
    ['app.tsx'],
    ['main.tsx'],
  ],
  'packages/nestjs/src': [
    ['mailer', 'options', 'templates', 'tenants'],
    ['service'],
    ['module', 'terminus'],
    ['index.ts', 'testing'],
  ],
  'packages/express/src': [
    ['error-handler.ts', 'html-pieces.ts', 'later.ts', 'text-lines.ts', 'request-layers.ts'],
    ['plain-text.ts', 'request-defaults.ts', 'settings.ts', 'route-options.ts'],
    ['render.ts'],
    ['response-mail.ts'],
    ['mailgun.ts'],
    ['index.ts'],
  ],
  'packages/next/src': [
    ['process-wide.ts', 'edge.ts', 'form', 'request'],
    ['protection', 'mailer', 'browser.ts', 'form.ts'],
    ['action'],
    ['index.ts'],
  ],
}

/** The picture of all floors, as a block of Mermaid. The folders are shown; files of a source folder are its doors and ground. */
export function floorsPicture() {
  const packages = Object.entries(floors).map(([source, all], number) => {
    const name = source.replace(/^packages\//, '').replace(/\/src$/, '')
    const shown = all
      .map((rooms) => rooms.filter((room) => !room.endsWith('.ts') && !room.endsWith('.tsx')))
      .filter((rooms) => rooms.length > 0)
      .toReversed()
    const nodes = shown.map((rooms, at) => `    p${number}f${at}["${rooms.join(' · ')}"]`)
    const arrows = shown.map((_, at) => `p${number}f${at}`).join(' --> ')
    return [`  subgraph p${number}["${name}"]`, ...nodes, `    ${arrows}`, '  end'].join('\n')
  })
  const drawn = packages.filter((one) => one.includes('f0['))
  return ['```mermaid', 'flowchart TB', ...drawn, '```'].join('\n')
}

const start = '<!-- floors: written by scripts/floors.mjs -->'
const end = '<!-- /floors -->'

/** The page with the picture in its place. */
export function withPicture(page) {
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md needs the lines ${start} and ${end}.`)
  return `${page.slice(0, from)}${start}\n\n${floorsPicture()}\n\n${page.slice(to)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = new URL('../ARCHITECTURE.md', import.meta.url)
  writeFileSync(page, withPicture(readFileSync(page, 'utf8')))
}
