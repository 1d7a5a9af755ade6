import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib'

/** The npm package with a Chromium for Linux on x64 in it. Only its data is used; none of its code runs. */
const source = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  integrity:
    'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
} as const

/** A browser that was unpacked, and the environment in which it finds its libraries and its font. */
export interface PackagedChromium {
  readonly path: string
  readonly environment: Readonly<Record<string, string>>
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** Fetches the browser from the package registry, once; `undefined` if that is not possible. */
export async function fetchChromium(): Promise<PackagedChromium | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = join(cache, `chromium-${source.version}`)
  if (!existsSync(folder) && !(await unpackInto(folder))) return undefined
  return {
    path: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: folder, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

async function unpackInto(folder: string): Promise<boolean> {
  await mkdir(cache, { recursive: true })
  const fetched = await mkdtemp(join(cache, 'fetched-'))
  try {
    const packed = await install(fetched)
    if (!packed) return false
    const unpacked = join(fetched, 'unpacked')
    await mkdir(unpacked)
    await pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(unpacked, 'chromium')),
    )
    await chmod(join(unpacked, 'chromium'), 0o755)
    for (const archive of ['al2023.tar.br', 'fonts.tar.br']) {
      const tar = brotliDecompressSync(await readFile(join(packed, archive)))
      for (const { name, content } of filesIn(tar)) {
        await writeFile(join(unpacked, basename(name)), content)
      }
    }
    await writeFile(
      join(unpacked, 'fonts.conf'),
      `<?xml version="1.0"?><fontconfig><dir>${folder}</dir><cachedir>${folder}/fonts</cachedir></fontconfig>`,
    )
    // At once, so that nobody finds half of it. Another process may have been faster.
    await rename(unpacked, folder).catch(() => {})
    return existsSync(folder)
  } finally {
    await rm(fetched, { recursive: true, force: true })
  }
}

/** Where the package's data lies, if the registry gave exactly the package that is expected. */
async function install(folder: string): Promise<string | undefined> {
  const { name, version, integrity } = source
  await writeFile(join(folder, 'package.json'), '{}')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', '--silent']
  const { status } = spawnSync('npm', ['install', `${name}@${version}`, ...flags], {
    cwd: folder,
    timeout: 180_000,
  })
  if (status !== 0) return undefined
  // npm has compared the package with this sum.
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>
  }
  if (lock.packages[`node_modules/${name}`]?.integrity !== integrity) return undefined
  return join(folder, 'node_modules', name, 'bin')
}

/** The plain files of a tar archive (POSIX.1-1988, ustar). */
function* filesIn(tar: Buffer): Generator<{ readonly name: string; readonly content: Buffer }> {
  const block = 512
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const field = (from: number, to: number): string =>
      tar.toString('latin1', at + from, at + to).replace(/[\0 ]+$/, '')
    const size = Number.parseInt(field(124, 136), 8)
    const start = at + block
    if (field(156, 157) === '0') {
      yield { name: field(0, 100), content: tar.subarray(start, start + size) }
    }
    at = start + Math.ceil(size / block) * block
  }
}
