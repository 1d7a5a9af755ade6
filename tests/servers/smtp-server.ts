import { fileURLToPath } from 'node:url'
import type { ServerKind } from './server-kind.ts'

const program = fileURLToPath(new URL('programs/smtp-server.mjs', import.meta.url))

export const smtpServer: ServerKind = {
  name: 'smtp-server',
  absence: undefined,
  taken: /\.eml$/,
  prepare: (place) => ({ path: process.execPath, arguments: [program, JSON.stringify(place)] }),
}
