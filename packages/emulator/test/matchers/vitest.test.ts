import '../../src/matchers/vitest.ts'
import { expect, test } from 'vitest'
import { batch, openEmulator } from '../clients/open-emulator.ts'

test('expect knows what the emulator received', async () => {
  const { emulator, send } = await openEmulator()
  expect(emulator).toHaveReceivedNothing()

  await send(batch)

  expect(emulator).toHaveReceived({ to: 'alan@example.com', subject: 'Reset for Alan' })
  expect(emulator).toHaveReceived({ messageId: emulator.messages[0]?.messageId })
  expect(emulator).not.toHaveReceived({ tag: 'welcome' })
  expect(emulator).toHaveReceivedTimes(2, { tag: 'reset' })
  expect(() => expect(emulator).toHaveReceivedNothing()).toThrow(/; 2 came:\n {2}'Reset for Ada'/)
  expect(() => expect(emulator).toHaveReceived({ to: 'ada@example.com', tag: 'welcome' })).toThrow(
    /^✗ tags .*'reset'.* not 'welcome'$/m,
  )
})

test('expect waits for what is still to come', async () => {
  const { emulator, send } = await openEmulator()
  const waiting = expect(emulator).toReceive({ subject: 'Late' })

  await send({ to: 'ada@example.com', subject: 'Late' })

  await waiting
  await expect(expect(emulator).toReceive({ subject: 'Never' }, { within: 1 })).rejects.toThrow(
    "Expected to receive a mail with subject 'Never' within 1 ms.",
  )
})

test('expect sees one domain at a checkout', async () => {
  const { emulator, send } = await openEmulator()
  const checkout = emulator.checkout()

  await send(batch)

  expect(emulator).toHaveReceivedTimes(2)
  expect(checkout).toHaveReceivedNothing()
})

test('expect reads a message as its recipient got it, with the options of its submission', async () => {
  const { emulator, send } = await openEmulator()
  await send(batch)

  const message = await emulator.waitFor({ to: 'ada@example.com' })

  expect(message).toHaveTag('Reset')
  expect(message).toHaveVariables({ order: { id: 7 } })
  expect(message).toHaveRecipientVariables({ 'alan@example.com': { first: 'Alan' } })
  expect(message).toHaveTracking({ opens: false })
  expect(message).toRequireTls()
  expect(message).not.toBeTestMode()
  expect(message).not.toBeScheduledFor(new Date())
  expect(message).toHaveHeader('subject', 'Reset for Ada')
  expect(message).toHaveNoUnreplacedVariables()
  expect(message).toHaveNoDiagnostics()
  await expect(message).toHaveLink('https://example.com/reset?for=Ada')
  await expect(message).toHaveTextContaining(/for=Ada/)
  await expect(message).toHaveHtmlContaining('Dear Ada')
  await expect(message).toHaveAttachment({ filename: 'terms.pdf', size: 4 })
  await expect(message).not.toHaveAttachment('invoice.pdf')
})

test('a scheduled message is received once its time has come, a dropped one never', async () => {
  const { emulator, send } = await openEmulator({ clock: 'virtual' })
  const moment = new Date(emulator.clock.now().getTime() + 3_600_000)
  const scheduled = { 'X-Mailgun-Deliver-By': moment.toUTCString() }
  await send({ to: 'ada@example.com', subject: 'Later', headers: scheduled })
  await send({
    to: 'alan@example.com',
    subject: 'Test',
    headers: { 'X-Mailgun-Drop-Message': 'yes' },
  })

  const [later, dropped] = emulator.messages

  expect(later).toBeScheduledFor(moment)
  expect(dropped).toBeTestMode()
  expect(emulator).not.toHaveReceived()
  expect(emulator).not.toHaveReceivedNothing()
  expect(emulator).toHaveReceived({ state: 'scheduled', subject: 'Later' })
  emulator.clock.advance('1h')
  expect(emulator).toHaveReceived({ subject: 'Later' })
  expect(emulator).toHaveReceivedTimes(1)
})
