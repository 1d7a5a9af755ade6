import { expect, it } from '@jest/globals'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { MailgunModule, MailgunService } from '@mailgun-smtp/nestjs'
import { Test } from '@nestjs/testing'

it('sends to the emulator, which serves its inbox page', async () => {
  const emulator = await createMailgunEmulator()
  const app = await Test.createTestingModule({
    imports: [MailgunModule.forRoot({ ...emulator.transport, logger: false })],
  }).compile()

  await app
    .get(MailgunService)
    .send({ from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'Paid', text: 'Hi' })

  expect((await emulator.waitFor({ to: 'ada@example.com' })).subject).toBe('Paid')
  const page = await fetch(String(emulator.httpUrl), { headers: { connection: 'close' } })
  expect(await page.text()).toContain('<script')
  await app.close()
  await emulator.close()
})
