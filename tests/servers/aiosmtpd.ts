import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpackPackages } from '../debian/unpack.ts'
import type { ServerKind } from './server-kind.ts'

const program = fileURLToPath(new URL('programs/aiosmtpd_server.py', import.meta.url))
const python = '/usr/bin/python3'

const unpacked = unpackPackages('aiosmtpd', [
  'python3-aiosmtpd',
  'python3-attr',
  'python3-public',
  'python3-typing-extensions',
])
const environment = {
  PYTHONPATH: unpacked ? join(unpacked.folder, 'usr/lib/python3/dist-packages') : '',
  PYTHONDONTWRITEBYTECODE: '1',
}

function runs(): boolean {
  const env = { ...process.env, ...environment }
  return spawnSync(python, ['-c', 'import aiosmtpd.smtp'], { env }).status === 0
}

export const aiosmtpd: ServerKind = {
  name: 'aiosmtpd',
  absence: runs()
    ? undefined
    : `aiosmtpd does not run: it needs ${python} and Debian's package python3-aiosmtpd`,
  taken: /\.eml$/,
  prepare: (place) => ({
    path: python,
    arguments: [program, JSON.stringify(place)],
    environment,
  }),
}
