import { expect as jestExpect } from 'expect'
import { expect, test } from 'vitest'
import {
  mailMatchers,
  mailSnapshotMatchers,
  type MailMatchers,
  type MailSnapshotMatchers,
} from '../../src/matchers/jest.ts'
import { batch, openEmulator } from '../clients/open-emulator.ts'

declare module 'expect' {
  interface Matchers<R, T> extends MailMatchers, MailSnapshotMatchers {}
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

test("Jest's expect takes the matcher of snapshots, made of jest-snapshot's", async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)
  const [ada, alan] = emulator.messages
  // As jest-snapshot's: it keeps what it sees first, by the test's name and the hint, in the matcher's own state.
  const kept = new Map<string, unknown>()
  const matcher = mailSnapshotMatchers(function (
    this: { readonly currentTestName?: string },
    text,
    hint = '',
  ) {
    const name = `${this.currentTestName}: ${hint}`
    if (!kept.has(name)) kept.set(name, text)
    return { pass: kept.get(name) === text, message: () => `${name} is another` }
  })

  jestExpect.extend(matcher)
  jestExpect.setState({ currentTestName: 'a mail' })

  await jestExpect(ada).toMatchMailSnapshot()
  await jestExpect(alan).toMatchMailSnapshot({ hint: 'Alan' })
  await jestExpect(alan).toMatchMailSnapshot({ hint: 'Alan' })
  await expect(jestExpect(alan).toMatchMailSnapshot()).rejects.toThrow('a mail:  is another')
})
