import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { packageFolder } from '../package.ts'
import { plainText, refusal, type HttpReply } from './reply.ts'

const root = new URL('dist/web/', packageFolder)

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The inbox page, as built. */
export async function page(): Promise<HttpReply> {
  const file = await read('index.html')
  return file ?? plainText('The inbox page is not built. The JSON API is at /emulator/v1.\n')
}

/** A script, a style or an image of the page. */
export async function asset(name: string): Promise<HttpReply> {
  const isName = /^[\w-][\w.-]*$/.test(name)
  const file = isName ? await read(`assets/${name}`) : undefined
  if (!file) return refusal(404, 'There is no such file.')
  // Asset names carry a hash of their content.
  return { ...file, headers: { ...file.headers, 'cache-control': 'max-age=31536000, immutable' } }
}

async function read(path: string): Promise<HttpReply | undefined> {
  const contentType = contentTypes[extname(path)]
  if (contentType === undefined) return undefined
  try {
    const body = await readFile(new URL(path, root))
    const headers = { 'content-type': contentType, 'content-security-policy': policy }
    return { status: 200, headers, body }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
