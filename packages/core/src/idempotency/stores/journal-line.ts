import { crc32 } from 'node:zlib'
import type { StoredSend } from '../store.ts'

/** What a line of a store's file holds: the first says which file it is, each other one is the new record of a key. */
export type JournalEntry =
  | { readonly format: string; readonly version: number }
  | { readonly key: string; readonly send: StoredSend }

/** The first line of a file. */
export const heading: JournalEntry = { format: 'mailgun-smtp idempotency', version: 1 }

/** A line of JSON: a checksum, and the entry it is of. */
export function writeLine(entry: JournalEntry): string {
  return `${framed(JSON.stringify(entry))}\n`
}

/** The entry of a line without its end; `undefined` if it is not as it was written. */
export function readLine(line: string): JournalEntry | undefined {
  const json = line.slice(framed('').indexOf(',') + 1, -1)
  return line === framed(json) ? (JSON.parse(json) as JournalEntry) : undefined
}

function framed(json: string): string {
  return `["${crc32(json).toString(16).padStart(8, '0')}",${json}]`
}
