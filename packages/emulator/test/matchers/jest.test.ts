import { expect as jestExpect } from 'expect'
import { expect, test } from 'vitest'
import { mailMatchers, type MailMatchers } from '../../src/matchers/jest.ts'
import { batch, openEmulator } from './open-emulator.ts'

declare module 'expect' {
  interface Matchers<R, T> extends MailMatchers {}
}

test("Jest's expect takes the matchers", async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)
  const message = await emulator.waitFor({ to: 'ada@example.com' })

  jestExpect.extend(mailMatchers)

  jestExpect(emulator).toHaveReceived({ to: 'ada@example.com' })
  jestExpect(message).toHaveTag('reset')
  jestExpect(message).not.toHaveTag('welcome')
  await jestExpect(message).toHaveLink(/for=Ada/)
  expect(() => jestExpect(message).toHaveTag('welcome')).toThrow(
    "Expected the mail to have the tag 'welcome'.",
  )
  await expect(jestExpect(message).not.toHaveLink(/for=Ada/)).rejects.toThrow(
    'Expected the mail not to have the link /for=Ada/.',
  )
})
