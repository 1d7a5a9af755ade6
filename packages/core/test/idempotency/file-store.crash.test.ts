import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { ConfigError } from '../../src/outcome/errors.ts'
import { fileStore } from '../../src/idempotency/stores/file-store.ts'
import { fingerprintOf } from '../../src/idempotency/fingerprint.ts'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import type { Receipt } from '../../src/outcome/receipt.ts'
import { note, receipt, temporaryFolder } from '../fakes/records.ts'

const built = new URL('../../dist/index.js', import.meta.url).href
const writer = fileURLToPath(new URL('./writer/crashing-writer.mjs', import.meta.url))
const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Writing {
  readonly child: ChildProcess
  /** The last step it said of each key, in whole lines, once it has ended. */
  readonly said: Promise<ReadonlyMap<string, string>>
}

/** Starts a writer that is killed once it has said so many steps. */
function write(
  path: string,
  round: number,
  steps: number,
  onSteps: (child: ChildProcess) => void,
): Writing {
  const child = spawn(process.execPath, [writer, path, fingerprintOf(note), String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  let output = ''
  let count = 0
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    const before = count
    count += chunk.filter((byte) => byte === 10).length
    if (before < steps && count >= steps) onSteps(child)
  })
  const said = once(child, 'close').then(
    () =>
      new Map(
        output
          .split('\n')
          .slice(0, -1)
          .map((line) => line.split(' ').toReversed() as [string, string]),
      ),
  )
  return { child, said }
}

/** What may stand under a key after the last step that was said: what was asked for next may be kept already. */
const mayStand: Readonly<Record<string, readonly (string | undefined)[]>> = {
  reserved: [undefined, 'handed-over'],
  'handed-over': ['handed-over', 'accepted', undefined],
  accepted: ['accepted'],
  released: [undefined],
}

/** Moments from a few steps to several rewritings of the file (Park and Miller's generator). */
const moments = Array.from({ length: 12 }, (_, index) => {
  let seed = 4711 + index
  for (let turn = 0; turn < 5; turn += 1) seed = (seed * 48_271) % 2_147_483_647
  return 1 + (seed % 2500)
})

test('killed at any moment, a writer loses nothing that it promised, and keeps no reservation', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('sends')
  const store = fileStore(path)
  const steps = new Map<string, string>()
  for (const [round, moment] of moments.entries()) {
    const { said } = write(path, round, moment, (child) => child.kill('SIGKILL'))
    for (const [key, step] of await said) steps.set(key, step)

    const wrong: string[] = []
    for (const [key, step] of steps) {
      const state = (await store.read(key))?.state
      if (!mayStand[step]?.includes(state)) wrong.push(`${key}: ${step}, then ${state}`)
    }
    expect(wrong).toEqual([])
    await store.close()
  }
  expect(steps.size).toBeGreaterThan(2000)
  const lines = (await readFile(path, 'utf8')).split('\n').length
  expect(lines).toBeLessThan(steps.size)
}, 120_000)

test('what was handed over when the process was killed is unknown, and not sent again', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('sends')
  await using store = fileStore(path)
  const send = vi.fn<() => Promise<Receipt>>(async () => receipt)
  const idempotency = new Idempotency(store)

  const open: string[] = []
  // Not every death leaves one.
  for (let round = 0; open.length === 0 && round < 50; round += 1) {
    await store.close()
    const { said } = write(path, round, 200, (child) => child.kill('SIGKILL'))
    for (const key of (await said).keys()) {
      if ((await store.read(key))?.state === 'handed-over') open.push(key)
    }
  }

  expect(open.length).toBeGreaterThan(0)
  for (const key of open) {
    await expect(idempotency.run(key, note, send)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      messageId: `<${key}@a.example>`,
    })
  }
  expect(send).not.toHaveBeenCalled()
})

test('a file has one writer; the next takes over when that one is dead', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('sends')
  const store = fileStore(path)
  const refusal = await new Promise<unknown>((resolve) => {
    write(path, 0, 20, () => {
      store.read('a').then(resolve, resolve)
    })
  })
  const [child] = started

  expect(refusal).toBeInstanceOf(ConfigError)
  expect((refusal as Error).message).toContain(`Process ${child?.pid} has ${path} open`)
  const ended = once(child as ChildProcess, 'close')
  child?.kill('SIGKILL')
  await ended
  await expect(store.read('a')).resolves.toBeUndefined()
  const locks = (await readdir(folder.file('.'))).filter((name) => name.includes('.lock-'))
  expect(locks).toEqual([expect.stringContaining(`.lock-${process.pid}-`)])
  await store.close()
})

test('of many processes that come to one file at once, at most one gets it', async () => {
  await using folder = await temporaryFolder()
  const path = folder.file('sends')
  const script = `
    import { fileStore } from ${JSON.stringify(built)}
    const store = fileStore(${JSON.stringify(path)})
    process.stdin.once('data', () => store.read('a').then(() => console.log('got it'), (error) => console.log(error.name)))
    console.log('ready')
  `
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  started.push(...children)
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')))

  const answers = children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim())
  for (const { stdin } of children) stdin.write('go')
  const got = await Promise.all(answers)

  expect(got.filter((answer) => answer === 'got it').length).toBeLessThanOrEqual(1)
  expect(got.filter((answer) => answer === 'ConfigError').length).toBeGreaterThanOrEqual(5)
})

// A limit on the size of files is what a test can have of a full disk; Windows has none.
test.skipIf(process.platform === 'win32')(
  'a disk that takes no more refuses the mark, and what was promised before stays',
  async () => {
    await using folder = await temporaryFolder()
    const path = folder.file('sends')
    const script = `
      import { fileStore } from ${JSON.stringify(built)}
      const store = fileStore(${JSON.stringify(path)})
      const expiresAt = Date.now() + 86_400_000
      for (let number = 0; ; number += 1) {
        const owner = 'k' + number
        const record = { fingerprint: 'f', owner, state: 'reserved', messageId: '<1@a.example>', expiresAt }
        await store.reserve(owner, record)
        try {
          await store.update(owner, { ...record, state: 'handed-over' })
          console.log(owner)
        } catch (error) {
          console.log(error.code)
          break
        }
      }
    `
    const limited = ['-c', 'ulimit -f 16; exec "$0" "$@"', process.execPath]
    const child = spawn('sh', [...limited, '--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    started.push(child)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await once(child, 'close')
    const said = output.trim().split('\n')
    await using store = fileStore(path)

    expect(said.at(-1)).toBe('EFBIG')
    expect(said.length).toBeGreaterThan(20)
    for (const key of said.slice(0, -1)) {
      await expect(store.read(key)).resolves.toMatchObject({ state: 'handed-over' })
    }
    await expect(store.read(`k${said.length - 1}`)).resolves.toBeUndefined()
  },
)

test('an open store keeps no process alive', async () => {
  await using folder = await temporaryFolder()
  const script = `
    import { fileStore } from ${JSON.stringify(built)}
    const store = fileStore(${JSON.stringify(folder.file('sends'))})
    const expiresAt = Date.now() + 60_000
    const record = { fingerprint: '', owner: 'o', state: 'reserved', messageId: '', expiresAt }
    await store.reserve('a', record)
    await store.update('a', { ...record, state: 'accepted' })
    console.log('kept')
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))

  const [status] = (await once(child, 'close')) as [number]

  expect({ status, output }).toEqual({ status: 0, output: 'kept\n' })
})
