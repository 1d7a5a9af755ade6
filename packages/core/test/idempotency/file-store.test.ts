import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../src/outcome/errors.ts'
import { fileStore } from '../../src/idempotency/stores/file-store.ts'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import type { Store, StoredSend } from '../../src/idempotency/store.ts'
import type { Receipt } from '../../src/outcome/receipt.ts'
import { note, receipt, recordOf, temporaryFolder } from '../fakes/records.ts'

afterEach(() => {
  vi.useRealTimers()
})

async function keep(store: Store, key: string, fields: Partial<StoredSend>): Promise<StoredSend> {
  const record = recordOf(fields)
  await store.reserve(key, { ...record, state: 'reserved' })
  await store.update(key, record)
  return record
}

describe('opened again', () => {
  test('finds a send by its Message-ID', async () => {
    await using folder = await temporaryFolder()
    const store = fileStore(folder.file('sends'))
    const record = await keep(store, 'key', { state: 'unknown', messageId: '<41@mg.example.com>' })
    await store.close()

    const found = { key: 'key', record }
    await expect(store.find?.('41@mg.example.com')).resolves.toEqual(found)
    await store.close()
  })

  test('keeps sends that were handed over and their outcomes; keys that were only reserved are free', async () => {
    await using folder = await temporaryFolder()
    const store = fileStore(folder.file('sends'))
    const kept = {
      handedOver: await keep(store, 'handedOver', { state: 'handed-over' }),
      accepted: await keep(store, 'accepted', {
        state: 'accepted',
        receipt: {
          from: '',
          to: ['ada@example.net'],
          refused: [],
          reply: { code: 250, text: 'Ok ✓' },
          attempts: 1,
        },
      }),
      unknown: await keep(store, 'unknown', { state: 'unknown' }),
    }
    await keep(store, 'reserved', { state: 'reserved' })
    const released = await keep(store, 'released', { state: 'handed-over' })
    await store.update('released', { ...released, state: 'reserved', expiresAt: 0 })
    await store.close()

    for (const [key, record] of Object.entries(kept)) {
      await expect(store.read(key)).resolves.toEqual(record)
    }
    await expect(store.read('reserved')).resolves.toBeUndefined()
    await expect(store.read('released')).resolves.toBeUndefined()
    await store.close()
  })

  test('a message that was handed over before a crash is not sent again', async () => {
    await using folder = await temporaryFolder()
    const store = fileStore(folder.file('sends'))
    const crash = new Idempotency(store).run('key', note, async (reservation) => {
      await reservation.handedOver()
      throw new Error('crash')
    })
    await expect(crash).rejects.toThrow('crash')
    await store.close()
    const send = vi.fn<() => Promise<Receipt>>(async () => receipt)

    await expect(new Idempotency(store).run('key', note, send)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    })
    expect(send).not.toHaveBeenCalled()
    await store.close()
  })

  test('forgets what has expired meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await using folder = await temporaryFolder()
    const store = fileStore(folder.file('sends'))
    await keep(store, 'key', { state: 'accepted', expiresAt: Date.now() + 1000 })
    await store.close()

    vi.setSystemTime(Date.now() + 1000)

    await expect(store.read('key')).resolves.toBeUndefined()
    await store.close()
  })
})

describe('a torn tail', () => {
  test('is cut off wherever a crash broke the last line', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    const first = await keep(store, 'a', { state: 'accepted' })
    const { size } = await stat(path)
    await keep(store, 'b', { state: 'handed-over' })
    await store.close()
    const whole = await readFile(path)

    for (let length = size; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length))
      await expect(store.read('a')).resolves.toEqual(first)
      await expect(store.read('b')).resolves.toBeUndefined()
      // What is written next begins a line of its own.
      const third = await keep(store, 'c', { state: 'handed-over' })
      await store.close()
      await expect(store.read('c')).resolves.toEqual(third)
      await store.close()
    }
    expect(whole.length - size).toBeGreaterThan(200)
  })

  test('of zeros, as a file system may leave it, is cut off', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    const record = await keep(store, 'a', { state: 'accepted' })
    await store.close()
    await appendFile(path, Buffer.alloc(4096))

    await expect(store.read('a')).resolves.toEqual(record)
    await store.close()
  })
})

describe('a damaged file', () => {
  test.each([2, 3, 4])('is refused by its path and line %i, and left as it is', async (line) => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    for (const key of ['a', 'b', 'c']) await keep(store, key, { state: 'handed-over' })
    await store.close()
    const lines = (await readFile(path, 'utf8')).split('\n')
    lines[line - 1] = (lines[line - 1] ?? '').replace('handed-over', 'handed-ovex')
    await writeFile(path, lines.join('\n'))

    const error: unknown = await store.read('a').catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toContain(`${path} is damaged at line ${line}`)
    await expect(readFile(path, 'utf8')).resolves.toBe(lines.join('\n'))
  })

  test('can be used again once it is fixed, without a restart', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    const record = await keep(store, 'a', { state: 'accepted' })
    await store.close()
    const sound = await readFile(path)
    await appendFile(path, 'garbage\n')
    await expect(store.read('a')).rejects.toThrow('damaged at line 3')

    await writeFile(path, sound)

    await expect(store.read('a')).resolves.toEqual(record)
    await store.close()
  })

  test.each([
    ['of another kind', '{"name":"app"}\n'],
    ['of one line without an end', 'root:x:0:0'],
    ['of another version', '["00000000",{"format":"mailgun-smtp idempotency","version":2}]\n'],
  ])('a file %s is refused, and left as it is', async (_what, content) => {
    await using folder = await temporaryFolder()
    const path = folder.file('package.json')
    await writeFile(path, content)

    await expect(fileStore(path).read('a')).rejects.toThrow('is not a file of this store')
    await expect(readFile(path, 'utf8')).resolves.toBe(content)
  })

  test('a store that cannot be opened stops the send before anything is dialled', async () => {
    await using folder = await temporaryFolder()
    const send = vi.fn<() => Promise<Receipt>>(async () => receipt)

    for (const path of [folder.file('absent/sends'), folder.file('.')]) {
      await expect(new Idempotency(fileStore(path)).run('a', note, send)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining('cannot be opened') as string,
      })
    }
    expect(send).not.toHaveBeenCalled()
  })
})

describe('the file', () => {
  test('is its owner’s alone, also once it was written anew', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    await keep(store, 'a', { state: 'accepted' })

    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await store.close()
    await expect(readdir(folder.file('.'))).resolves.toEqual(['sends'])
  })

  test('holds no reservation: those end with the process', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    await keep(store, 'a', { state: 'reserved' })
    const { size } = await stat(path)
    await keep(store, 'b', { state: 'reserved' })

    expect((await stat(path)).size).toBe(size)
    await store.close()
  })

  test('is written anew when its dead lines outweigh the live ones, and loses nothing', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    const live = await keep(store, 'live', { state: 'unknown' })
    let lines = 0
    const once = async (index: number): Promise<void> => {
      const record = await keep(store, `k${index}`, { state: 'handed-over' })
      await store.update(`k${index}`, { ...record, state: 'reserved', expiresAt: 0 })
      lines += 2
    }

    await Promise.all(Array.from({ length: 1500 }, (_, index) => once(index)))
    const last = await keep(store, 'last', { state: 'handed-over' })

    const text = await readFile(path, 'utf8')
    expect(text.split('\n').length).toBeLessThan(lines / 2)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await store.close()
    await expect(store.read('live')).resolves.toEqual(live)
    await expect(store.read('last')).resolves.toEqual(last)
    await expect(store.read('k7')).resolves.toBeUndefined()
    await store.close()
  })

  test('half a file that a crash left does no harm', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    await writeFile(`${path}.new`, 'half')
    const store = fileStore(path)

    const record = await keep(store, 'a', { state: 'accepted' })

    await expect(store.read('a')).resolves.toEqual(record)
    await store.close()
  })
})

describe('one path', () => {
  test('is one store in a process, under any path', async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const store = fileStore(path)
    const record = await keep(store, 'a', { state: 'accepted' })

    expect(fileStore(path)).toBe(store)
    await Promise.all([store.close(), store.close()])
    await expect(fileStore(path).read('a')).resolves.toEqual(record)
    await store.close()
  })

  test('by two names is refused', async () => {
    await using folder = await temporaryFolder()
    await mkdir(folder.file('real'))
    await symlink(folder.file('real'), folder.file('link'))
    const store = fileStore(folder.file('real/sends'))
    await store.read('a')

    await expect(fileStore(folder.file('link/sends')).read('a')).rejects.toThrow(
      /^This process has .* open already/,
    )
    await store.close()
    await expect(fileStore(folder.file('link/sends')).read('a')).resolves.toBeUndefined()
    await fileStore(folder.file('link/sends')).close()
  })

  test.each(['', 'a\0b', undefined, 7])('must be a string, not %j', (path) => {
    expect(() => fileStore(path as string)).toThrow(ConfigError)
  })
})

test('a lock of another machine or container is not judged: its name and the cure are told', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('sends')
  const lock = `${path}.lock-1-2-0123456789ab-0123456789ab`
  await writeFile(lock, '')

  await expect(fileStore(path).read('a')).rejects.toThrow(`delete ${lock}.`)
  await expect(readdir(folder.file('.'))).resolves.toHaveLength(1)
})

test.skipIf(process.platform === 'win32')(
  'a file that other users can open is closed to them, and a warning says so',
  async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const first = fileStore(path)
    await keep(first, 'one', { state: 'unknown' })
    await first.close()
    await chmod(path, 0o666)
    const warned = new Promise<Error>((resolve) => {
      const listen = (warning: Error): void => {
        if (!warning.message.includes(path)) return
        process.removeListener('warning', listen)
        resolve(warning)
      }
      process.on('warning', listen)
    })

    const second = fileStore(path)
    await expect(second.read('one')).resolves.toMatchObject({ state: 'unknown' })
    await second.close()

    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await warned).toMatchObject({ code: 'MAILGUN_SMTP_FILE_MODE' })
  },
)
