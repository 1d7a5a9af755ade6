import '../../../src/matchers/vitest.ts'
import { expect, test } from 'vitest'
import { batch, openEmulator } from '../../clients/open-emulator.ts'

/** The stored mails are written by hand: a few lines tell enough. */
const fewLines = [
  [/^[^]*(?= {2}Subject:)/, ''],
  [/\n\noptions[^]*\n\ntext\n/, '\n\ntext\n'],
  [/\n\nhtml[^]*$/, ''],
] as const

test('as it was before', async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)

  for (const name of ['ada', 'alan']) {
    const message = await emulator.waitFor({ to: `${name}@example.com` })
    await expect(message).toMatchMailSnapshot({ replace: fewLines, hint: name })
  }
})

test('with another subject', async () => {
  const { emulator, send } = await openEmulator()
  await send({ ...batch, subject: 'Another subject' })

  const message = await emulator.waitFor({ to: 'ada@example.com' })
  await expect(message).toMatchMailSnapshot({ replace: fewLines })
})

test('turned around', async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)

  await expect(emulator.messages[0]).not.toMatchMailSnapshot({ replace: fewLines })
})
