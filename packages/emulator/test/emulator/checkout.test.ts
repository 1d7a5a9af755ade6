import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMailgunEmulator, type Checkout, type MailgunEmulator } from '../../src/index.ts'

let emulator: MailgunEmulator
beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
})
afterEach(() => emulator.close())

async function send({ transport, domain }: Checkout, subject: string): Promise<void> {
  const transporter = createTransport(transport)
  await transporter.sendMail({ from: `a@${domain}`, to: 'b@c.d', subject, text: 'y' })
  transporter.close()
}

test('two of them on one server see each their own mail', async () => {
  using one = emulator.checkout()
  using other = emulator.checkout()
  const waiting = one.waitFor({ to: 'b@c.d' })
  await send(other, 'for the other')
  await send(one, 'for one')

  expect((await waiting).subject).toBe('for one')
  expect(one.messages.map(({ subject }) => subject)).toEqual(['for one'])
  expect(other.submissions.map(({ subject }) => subject)).toEqual(['for the other'])
  expect(emulator.submissions).toHaveLength(2)
  await one.waitForNone({ subject: 'for the other' }, { within: 1 })
  expect((await one.during(() => send(other, 'again'))).length).toBe(0)
})

test('has a domain and a login of its own', async () => {
  using box = emulator.checkout()

  expect(box.credentials.user).toBe(`postmaster@${box.domain}`)
  expect(box.transport).toMatchObject({ port: emulator.port, auth: box.credentials })
  expect(box.secureTransport).toMatchObject({ port: emulator.securePort, secure: true })
  expect(new URL(box.smtpUrl).port).toBe(String(emulator.port))
  expect(box.domain).not.toBe(emulator.checkout().domain)
})

test('a reset leaves the mail and the faults of others alone', async () => {
  using one = emulator.checkout()
  using other = emulator.checkout()
  await send(one, 'x')
  await send(other, 'x')
  one.faults.always({ at: 'final', reply: [451, 'not now'] })
  other.faults.always({ at: 'final', reply: [452, 'full'] })

  one.reset()

  expect([one.messages.length, other.messages.length]).toEqual([0, 1])
  await send(one, 'y')
  await expect(send(other, 'y')).rejects.toMatchObject({ responseCode: 452 })
})

test('a fault strikes its own domain alone', async () => {
  using one = emulator.checkout()
  using other = emulator.checkout()
  const fault = one.faults.next({ at: 'data', reply: [451, 'not now'] })
  await send(other, 'x')
  expect(fault.fired).toBe(0)

  await expect(send(one, 'x')).rejects.toMatchObject({ responseCode: 451 })
  expect(fault.fired).toBe(1)
})

test('once given back, its login works no more and its mail is gone', async () => {
  const box = emulator.checkout()
  await send(box, 'x')
  box.close()

  expect(emulator.submissions).toEqual([])
  await expect(send(box, 'y')).rejects.toMatchObject({ responseCode: 535 })
})
