import { readFileSync } from 'node:fs'

// Self-signed with OpenSSL for these tests alone, valid from 2020 to 2120; the key protects nothing.
const read = (name: string): string =>
  readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8')

/** The key of all of them. */
export const key: string = read('test-only.key')

/** For localhost, 127.0.0.1 and ::1; for another name; and one that ended in 2021. */
export const certificates: {
  readonly localhost: string
  readonly elsewhere: string
  readonly expired: string
} = {
  localhost: read('localhost.cert'),
  elsewhere: read('elsewhere.cert'),
  expired: read('expired.cert'),
}
