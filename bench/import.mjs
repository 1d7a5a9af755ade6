// What a cold start pays for: each door of each package, imported alone in a new process, beside nodemailer and two peers.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { heading, median } from './compare.mjs'

// node import.mjs [rounds] [the beginning of the names to measure]
const rounds = Number(process.argv[2] ?? 15)

/** The most that a door may cost, as a multiple of nodemailer alone. */
const most = { '@mailgun-smtp/core': 1.25, '@mailgun-smtp/emulator': 50 / 45 }

/** Doors that cannot be imported by a bare Node process. */
const elsewhere = {
  '@mailgun-smtp/core/vitest': 'only inside Vitest',
  '@mailgun-smtp/emulator/vitest': 'only inside Vitest',
}

const doors = ['core', 'express', 'nestjs', 'next', 'emulator'].flatMap(doorsOf)
const names = ['nodemailer', ...doors, '@nestjs-modules/mailer', 'mailgun.js']
const [only] = process.argv.slice(3)
const measured = names.filter(
  (name) => !elsewhere[name] && (!only || name === 'nodemailer' || name.startsWith(only)),
)
const times = new Map(measured.map((name) => [name, []]))

for (let round = 0; round < rounds; round += 1) {
  for (const name of measured) times.get(name).push(importInNewProcess(name))
}

const base = times.get('nodemailer')
heading(['import, in a new process', 'time', 'processor', 'beside nodemailer', 'target'], rounds)
for (const [name, found] of times) {
  // By processor time: on a busy machine the other is noise.
  const ratio = median(found.map(({ processor }, round) => processor / base[round].processor))
  const target = most[name]
  const verdict =
    target === undefined ? '' : `${target.toFixed(2)} ${ratio <= target ? 'held' : 'MISSED'}`
  const [time, processor] = ['time', 'processor'].map(
    (kind) => `${median(found.map((one) => one[kind])).toFixed(1)} ms`,
  )
  console.log(`| ${name} | ${time} | ${processor} | ${ratio.toFixed(2)} | ${verdict} |`)
}
for (const [name, reason] of Object.entries(elsewhere))
  console.log(`Not measured: ${name}, ${reason}.`)

const { size, foreign } = await weigh('@mailgun-smtp/core/headers')
console.log(
  `\n@mailgun-smtp/core/headers in a bundle: ${size} bytes, minified and gzipped (target 8192: ${size < 8192 ? 'held' : 'MISSED'}); imports ${foreign.join(', ') || 'nothing'}.`,
)

/** Every door of a package, by its manifest. */
function doorsOf(folder) {
  const path = fileURLToPath(new URL(`../packages/${folder}/package.json`, import.meta.url))
  const { name, exports } = JSON.parse(readFileSync(path, 'utf8'))
  return Object.keys(exports)
    .filter((door) => door !== './package.json')
    .map((door) => `${name}${door.slice(1)}`)
}

/** What one import costs, in milliseconds, from inside the process: Node's own start is not the package's. */
function importInNewProcess(name) {
  // React Server Components are what Next.js resolves a server's doors for.
  const conditions = name === '@mailgun-smtp/next' ? ['--conditions=react-server'] : []
  const code = `
    const [start, before] = [performance.now(), process.cpuUsage()]
    await import(${JSON.stringify(name)})
    const { user, system } = process.cpuUsage(before)
    console.log(JSON.stringify({ time: performance.now() - start, processor: (user + system) / 1000 }))`
  const args = [...conditions, '--input-type=module', '--eval', code]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${name} cannot be imported: ${stderr}`)
  return JSON.parse(stdout)
}

/** What a browser's bundle holds of a door. */
async function weigh(name) {
  const outDir = mkdtempSync(join(tmpdir(), 'mailgun-smtp-'))
  try {
    const entry = fileURLToPath(import.meta.resolve(name))
    const result = await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir,
        minify: true,
        // Vite keeps the blanks of a library; a bundler of an application takes them out.
        rolldownOptions: { output: { minify: true } },
        lib: { entry, formats: ['es'], fileName: 'door' },
      },
    })
    const chunks = [result].flat().flatMap(({ output }) => output)
    return {
      size: gzipSync(chunks.map(({ code }) => code).join('')).length,
      foreign: chunks.flatMap(({ imports }) => imports),
    }
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}
