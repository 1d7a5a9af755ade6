import { AssertionError } from 'node:assert'
import { expect, test } from 'vitest'
import { assertMail, mailSnapshot } from '../../src/matchers/node-test.ts'
import { batch, openEmulator } from '../clients/open-emulator.ts'

test('assertions throw what node:test shows as a failure', async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)
  const message = await emulator.waitFor({ to: 'ada@example.com' })

  assertMail.toHaveReceivedTimes(emulator, 2)
  assertMail.not.toHaveReceivedNothing(emulator)
  assertMail.toHaveTag(message, 'reset')
  await assertMail.toReceive(emulator, { to: 'alan@example.com' })
  await assertMail.toHaveLink(message, /for=Ada/)
  expect(await mailSnapshot(message)).toContain('Subject: Reset for Ada\n')
  expect(() => assertMail.toBeTestMode(message)).toThrow(AssertionError)
  await expect(assertMail.toHaveLink(message, /unsubscribe/)).rejects.toThrow(AssertionError)
})
