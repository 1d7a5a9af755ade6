import { readFileSync } from 'node:fs'
import { root } from '../../../workspace.ts'

const read = (name: string): string =>
  readFileSync(`${root}packages/core/test/scripted-server/tls/${name}.pem`, 'utf8')

/** A certificate for 127.0.0.1 and its key, for these tests alone. */
export const certificate: { readonly cert: string; readonly key: string } = {
  cert: read('localhost.cert'),
  key: read('test-only.key'),
}
