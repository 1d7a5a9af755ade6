import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../../outcome/errors.ts'
import { heading, readLine, writeLine, type JournalEntry } from './journal-line.ts'
import { keepPrivate } from './private-file.ts'

const chunkSize = 1 << 20
const lineFeed = 0x0a

/** Lines of a rewritten file that are written at once, so that a large one does not hold up the process. */
const linesAtOnce = 1000

/** A file that only grows, line by line, until it is rewritten as a whole. It has one writer. */
export class Journal {
  readonly #path: string
  #file: FileHandle
  /** Whether a write failed: what is written after half a line could never be read. */
  #isBroken = false
  /** How many entries it has, the heading apart. */
  lines: number

  private constructor(path: string, file: FileHandle, lines: number) {
    this.#path = path
    this.#file = file
    this.lines = lines
  }

  /**
   * Opens the file, made if there is none, and hands over its entries. What a crash left of a last line is cut off.
   *
   * @throws {ConfigError} if it is another kind of file, or was damaged.
   */
  static async open(path: string, onEntry: (entry: JournalEntry) => void): Promise<Journal> {
    if (await isAbsent(path)) await replace(path, [])
    const file = await open(path, 'a+', 0o600)
    try {
      const { lines, end } = await readEntries(path, file, onEntry)
      // Only now: a file of another kind is left as it is.
      await keepPrivate(path, file)
      if (end < (await file.stat()).size) {
        await file.truncate(end)
        await file.datasync()
      }
      return new Journal(path, file, lines)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Appends lines; they are on the disk when it resolves. */
  async append(lines: readonly string[]): Promise<void> {
    await this.#whole(async () => {
      await this.#file.appendFile(lines.join(''))
      await this.#file.datasync()
      this.lines += lines.length
    })
  }

  /** Puts a file with these lines only in its place; a crash leaves the one or the other. */
  async rewrite(lines: Iterable<string>): Promise<void> {
    await this.#whole(async () => {
      const count = await replace(this.#path, lines)
      await this.#file.close()
      this.#file = await open(this.#path, 'a', 0o600)
      this.lines = count
    })
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #whole(write: () => Promise<void>): Promise<void> {
    if (this.#isBroken) throw new Error('An earlier write failed.')
    this.#isBroken = true
    await write()
    this.#isBroken = false
  }
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size === 0
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return true
    throw error
  }
}

async function replace(path: string, lines: Iterable<string>): Promise<number> {
  const fresh = `${path}.new`
  await rm(fresh, { force: true })
  const file = await open(fresh, 'wx', 0o600)
  let count = 0
  try {
    let pending = [writeLine(heading)]
    for (const line of lines) {
      pending.push(line)
      count += 1
      if (pending.length < linesAtOnce) continue
      await file.appendFile(pending.join(''))
      pending = []
    }
    await file.appendFile(pending.join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
  return count
}

/** The new name is on the disk only when its folder is. Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function readEntries(
  path: string,
  file: FileHandle,
  onEntry: (entry: JournalEntry) => void,
): Promise<{ lines: number; end: number }> {
  let count = 0
  let end = 0
  for await (const line of linesOf(file)) {
    count += 1
    const entry = readLine(line.toString())
    if (count === 1) {
      if (!isHeading(entry)) throw foreignFile(path)
    } else if (!entry) {
      throw damagedFile(path, count)
    } else {
      onEntry(entry)
    }
    end += line.length + 1
  }
  // A file of ours gets its name only when its heading is written.
  if (count === 0) throw foreignFile(path)
  return { lines: count - 1, end }
}

/** The lines that were ended. */
async function* linesOf(file: FileHandle): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkSize), 0, chunkSize, position)
    if (bytesRead === 0) return
    position += bytesRead
    let from = 0
    for (;;) {
      const to = buffer.subarray(0, bytesRead).indexOf(lineFeed, from)
      if (to < 0) break
      yield Buffer.concat([...rest, buffer.subarray(from, to)])
      rest = []
      from = to + 1
    }
    rest.push(buffer.subarray(from, bytesRead))
  }
}

function isHeading(entry: JournalEntry | undefined): boolean {
  return entry !== undefined && writeLine(entry) === writeLine(heading)
}

function foreignFile(path: string): ConfigError {
  return new ConfigError(
    `${path} is not a file of this store, or one of another version of it: name a file of its own.`,
  )
}

function damagedFile(path: string, line: number): ConfigError {
  return new ConfigError(
    `${path} is damaged at line ${line}, and what it kept there may be the mark of a message that was handed over. ` +
      "Restore the file. Or delete that line, and before you send again what was sent around that time, look in Mailgun's log.",
  )
}
