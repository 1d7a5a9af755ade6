import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  transporter = openMailClient(emulator)
})
afterEach(() => emulator.reset())
afterAll(async () => {
  transporter.close()
  await emulator.close()
})

async function send(subject: string): Promise<void> {
  const to = 'ada@example.com'
  await transporter.sendMail({ from: 'shop@mg.example.com', to, subject, text: 'x' })
}

describe('waitForNone', () => {
  test('resolves when none came', async () => {
    await send('Other')

    const waiting = emulator.waitForNone({ subject: 'Welcome' }, { within: 1 })

    await expect(waiting).resolves.toBeUndefined()
  })

  test('rejects when one is there, and as soon as one comes', async () => {
    const waiting = emulator.waitForNone({ subject: 'Welcome' }, { within: 60_000 })
    await Promise.all([
      expect(waiting).rejects.toThrow(
        "Wanted no mail with subject 'Welcome', and there is 'Welcome' to ada@example.com.",
      ),
      send('Welcome'),
    ])

    await expect(emulator.waitForNone({})).rejects.toThrow("and there is 'Welcome'")
    await expect(emulator.waitForNone(() => true)).rejects.toThrow('Wanted no mail that fits')
  })

  test('ends when it is aborted, or the emulator closes', async () => {
    const other = await createMailgunEmulator({ httpPort: false })
    const waiting = other.waitForNone({}, { within: 60_000 })
    await other.close()
    await waiting

    const signal = AbortSignal.abort(new Error('enough'))
    await expect(emulator.waitForNone({}, { signal })).rejects.toThrow('enough')
  })
})

describe('during', () => {
  test('tells what came meanwhile, and nothing of before and after', async () => {
    await send('before')
    const messages = await emulator.during(async () => {
      await send('1')
      await send('2')
    })
    await send('after')

    expect(messages.map(({ subject }) => subject)).toEqual(['1', '2'])
  })

  test('passes on what the function throws', async () => {
    const failing = emulator.during(() => Promise.reject(new Error('mine')))

    await expect(failing).rejects.toThrow('mine')
  })
})
