import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ConfigError } from '../../outcome/errors.ts'
import { once } from '../../process-wide.ts'
import { takeLock } from './file-lock.ts'
import { GroupCommit } from './group-commit.ts'
import { writeLine } from './journal-line.ts'
import { Journal } from './journal.ts'
import { SendTable } from './send-table.ts'
import type { FoundSend, Store, StoredSend } from '../store.ts'

/** A store in a file of this machine. */
export interface FileStore extends Required<Store>, AsyncDisposable {
  /** Writes what is left and lets the file go. Used again, it opens it again. */
  close(): Promise<void>
}

// A module that is evaluated again, as by a development server, must find the store that has the file.
const stores = once('file-stores/v1', () => new Map<string, FileStore>())

/**
 * A store in a file of one machine, for one process at a time. It outlives crashes: what it has promised is on the disk.
 * The file is opened at the first use, made if there is none, readable for its owner alone. In one process, one path is one store.
 *
 * @throws {ConfigError} for a path that is none. Its methods throw one if another process has the file, or it is damaged.
 */
export function fileStore(path: string): FileStore {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new ConfigError('The path of a file store must be a string.')
  }
  const absolute = resolve(path)
  const known = stores.get(absolute)
  if (known) return known
  const store = new JournalStore(absolute)
  stores.set(absolute, store)
  return store
}

/** Below so many lines, a rewritten file is not worth its while. */
const fewLines = 1000

interface OpenFile {
  readonly table: SendTable
  readonly commit: GroupCommit
  readonly journal: Journal
  readonly unlock: () => Promise<void>
}

class JournalStore implements FileStore {
  readonly #path: string
  #opened: Promise<OpenFile> | undefined
  #closed: Promise<void> = Promise.resolve()
  /** After a write that failed, it is not known what the disk has: the file is written anew from what can be read. */
  #isSuspect = false
  /** How many lines make it worth counting the live ones. */
  #considerAt = fewLines

  constructor(path: string) {
    this.#path = path
  }

  // A reservation ends with its process, which alone can open the file: it needs no line.
  async reserve(key: string, record: StoredSend): Promise<StoredSend> {
    const { table } = await this.#open()
    return table.reserve(key, record)
  }

  async update(key: string, record: StoredSend): Promise<boolean> {
    const { table, commit } = await this.#open()
    const before = table.read(key)
    if (!table.update(key, record)) return false
    if (isKept(record) || (before && isKept(before))) {
      await commit.add(writeLine({ key, send: record }))
    }
    return true
  }

  async read(key: string): Promise<StoredSend | undefined> {
    const { table } = await this.#open()
    return table.read(key)
  }

  async find(messageId: string): Promise<FoundSend | undefined> {
    const { table } = await this.#open()
    return table.find(messageId)
  }

  async close(): Promise<void> {
    const opened = this.#opened
    if (!opened) return this.#closed
    this.#opened = undefined
    const closing = letGo(opened)
    this.#closed = closing.catch(() => undefined)
    return closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #open(): Promise<OpenFile> {
    if (!this.#opened) {
      const opening = this.#closed.then(() => this.#openFile())
      this.#opened = opening
      opening.catch(() => {
        if (this.#opened === opening) this.#opened = undefined
      })
    }
    return this.#opened
  }

  async #openFile(): Promise<OpenFile> {
    try {
      const path = await realPath(this.#path)
      const unlock = await takeLock(path)
      try {
        return await this.#readFile(path, unlock)
      } catch (error) {
        await unlock()
        throw error
      }
    } catch (error) {
      throw openingFailed(this.#path, error)
    }
  }

  async #readFile(path: string, unlock: () => Promise<void>): Promise<OpenFile> {
    const table = new SendTable()
    const journal = await Journal.open(path, (entry) => {
      if (!('key' in entry)) return
      if (isKept(entry.send)) table.set(entry.key, entry.send)
      else table.delete(entry.key)
    })
    try {
      if (this.#isSuspect) await journal.rewrite(linesOf(table))
      this.#isSuspect = false
      this.#considerAt = fewLines
      await this.#compact(journal, table)
    } catch (error) {
      await journal.close()
      throw error
    }
    const commit = new GroupCommit((lines) => this.#write(journal, table, lines))
    return { table, commit, journal, unlock }
  }

  async #write(journal: Journal, table: SendTable, lines: readonly string[]): Promise<void> {
    try {
      await journal.append(lines)
      await this.#compact(journal, table)
    } catch (error) {
      // Closing waits for this very write to end; the next use opens the file again.
      if (!this.#isSuspect) this.close().catch(() => undefined)
      this.#isSuspect = true
      throw error
    }
  }

  /** Rewrites the file when its dead lines outweigh the live ones. */
  async #compact(journal: Journal, table: SendTable): Promise<void> {
    if (journal.lines < this.#considerAt) return
    table.sweep()
    let live = 0
    for (const [, record] of table.entries()) if (isKept(record)) live += 1
    if (journal.lines - live > live) await journal.rewrite(linesOf(table))
    this.#considerAt = journal.lines + Math.max(fewLines, live)
  }
}

/** Whether the record outlives its process: who only reserved a key has handed nothing over. */
function isKept({ state }: StoredSend): boolean {
  return state !== 'reserved'
}

function* linesOf(table: SendTable): Generator<string> {
  for (const [key, send] of table.entries()) if (isKept(send)) yield writeLine({ key, send })
}

async function letGo(opened: Promise<OpenFile>): Promise<void> {
  const file = await opened.catch(() => undefined)
  if (!file) return
  await file.commit.idle()
  try {
    await file.journal.close()
  } finally {
    await file.unlock()
  }
}

/** Where the file lies, so that two names of it meet at one lock, and a link to it stays one. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ENOENT') throw error
    return join(await realpath(dirname(path)), basename(path))
  }
}

function openingFailed(path: string, error: unknown): unknown {
  const code: unknown = Reflect.get(Object(error), 'code')
  const isPath =
    typeof code === 'string' && ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(code)
  return isPath
    ? new ConfigError(`${path} cannot be opened (${code}): its folder must exist and be writable.`)
    : error
}
