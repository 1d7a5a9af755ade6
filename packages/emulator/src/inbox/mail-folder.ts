import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptSubmission } from '../mail/submission.ts'

/** Of our own files: a number that counts up, and the submission's id. */
const ownName = /^(\d{9})-([\da-f]{24})\.eml$/
// No other user of this machine may read the mail.
const own = { mode: 0o600, flag: 'wx' } as const

/**
 * A folder with a `.eml` file of each submission, as received, and a `.json` file beside it of what the mail itself
 * does not tell. Other files in it are left alone. One emulator at a time can have it.
 */
export class MailFolder {
  readonly #directory: string
  /** Paths by id, without their extension. */
  readonly #paths = new Map<string, string>()
  #count = 0

  /** @throws {Error} if the folder cannot be made or read. */
  constructor(directory: string) {
    this.#directory = directory
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      readdirSync(directory)
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      throw new Error(`The folder ${directory} cannot be used for mail: ${code}.`, { cause: error })
    }
  }

  /** What is in the folder, oldest first, each read when it is asked for. */
  *read(): Generator<KeptSubmission> {
    const entries = readdirSync(this.#directory, { withFileTypes: true })
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    for (const name of names.toSorted()) {
      const [, number, id = ''] = ownName.exec(name) ?? []
      if (number === undefined) continue
      this.#count = Number(number)
      const path = join(this.#directory, name.slice(0, -'.eml'.length))
      const submission = readSubmission(path, id)
      if (!submission) continue
      this.#paths.set(id, path)
      yield submission
    }
  }

  /** @throws {Error} if it cannot be written; then nothing of it is there. */
  write({ id, receivedAt, envelope, session, raw }: KeptSubmission): void {
    this.#count += 1
    const path = join(this.#directory, `${String(this.#count).padStart(9, '0')}-${id}`)
    try {
      writeFileSync(`${path}.json`, `${JSON.stringify({ receivedAt, envelope, session })}\n`, own)
      // A reader that sees the .eml sees all of it.
      writeFileSync(`${path}.part`, raw, own)
      renameSync(`${path}.part`, `${path}.eml`)
    } catch (error) {
      remove(path)
      throw error
    }
    this.#paths.set(id, path)
  }

  forget(id: string): void {
    const path = this.#paths.get(id)
    this.#paths.delete(id)
    if (path !== undefined) remove(path)
  }
}

function remove(path: string): void {
  for (const extension of ['eml', 'part', 'json']) {
    try {
      rmSync(`${path}.${extension}`, { force: true })
    } catch {
      // It comes back at the next start: no reason to refuse mail now.
    }
  }
}

/** Undefined if its files cannot be read; they stay. */
function readSubmission(path: string, id: string): KeptSubmission | undefined {
  try {
    const about: unknown = JSON.parse(readFileSync(`${path}.json`, 'utf8'))
    if (!isAbout(about)) return undefined
    const { receivedAt, envelope, session } = about
    const raw = readFileSync(`${path}.eml`)
    return { id, receivedAt: new Date(receivedAt), envelope, session, raw }
  } catch {
    return undefined
  }
}

type About = Pick<KeptSubmission, 'envelope' | 'session'> & { readonly receivedAt: string }

function isAbout(value: unknown): value is About {
  const { receivedAt, envelope, session } = Object(value) as Partial<Record<keyof About, unknown>>
  const { from, to } = Object(envelope) as Record<string, unknown>
  const { id, secure, tls, user } = Object(session) as Record<string, unknown>
  const texts = [receivedAt, from, id, secure, tls ?? '', user ?? '']
  return (
    texts.every((text) => typeof text === 'string') &&
    !Number.isNaN(Date.parse(String(receivedAt))) &&
    Array.isArray(to) &&
    to.every((recipient) => typeof recipient === 'string')
  )
}
