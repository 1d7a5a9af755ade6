// Looks at every packed package with publint and Are The Types Wrong. Usage: node scripts/check-packages.mjs [folder]
// The folder holds the tarballs; without it, the packages are packed first.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packAll, tarballsIn } from './pack.mjs'

const [packed] = process.argv.slice(2)
const folder = packed ?? mkdtempSync(join(tmpdir(), 'mailgun-smtp-packed-'))
try {
  const waiting = Object.entries(packed ? tarballsIn(folder) : packAll(folder)).values()
  const lane = async () => {
    for (const [name, tarball] of waiting) {
      const faults = [...(await lint(tarball)), ...(await checkTypes(tarball))]
      for (const fault of faults) console.error(`${name}: Error: ${fault}`)
      if (faults.length > 0) process.exitCode = 1
      else console.log(`${name}: good`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
} finally {
  if (!packed) rmSync(folder, { recursive: true, force: true })
}

/** What publint finds. */
async function lint(tarball) {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball)
  const pack = { tarball: buffer.slice(byteOffset, byteOffset + byteLength) }
  const { messages, pkg } = await publint({ strict: true, pack })
  return messages.map((message) => formatMessage(message, pkg, { color: false }))
}

/** What Are The Types Wrong finds. */
async function checkTypes(tarball) {
  const child = spawn('attw', ['--profile', 'esm-only', '--no-emoji', tarball], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  const ended = new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)])
  return (await ended) === 0 ? [] : [`${said}\n${complained}`]
}
