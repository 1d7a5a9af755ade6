// Sends under many keys at once, and says each step once the store has it, until it is killed.
import { writeSync } from 'node:fs'
import { fileStore } from '../../../dist/index.js'

const [path, fingerprint, round] = process.argv.slice(2)
const store = fileStore(path)
const expiresAt = Date.now() + 86_400_000
const say = (step, key) => writeSync(1, `${step} ${key}\n`)

async function send(worker) {
  for (let number = 0; ; number += 1) {
    const key = `${round}-${worker}-${number}`
    const record = {
      fingerprint,
      owner: key,
      state: 'reserved',
      messageId: `<${key}@a.example>`,
      expiresAt,
    }
    await store.reserve(key, record)
    say('reserved', key)
    await store.update(key, { ...record, state: 'handed-over' })
    say('handed-over', key)
    if (number % 5 === 0) await store.update(key, { ...record, state: 'accepted' })
    else await store.update(key, { ...record, expiresAt: 0 })
    say(number % 5 === 0 ? 'accepted' : 'released', key)
  }
}

await Promise.all(Array.from({ length: 16 }, (_, worker) => send(worker)))
