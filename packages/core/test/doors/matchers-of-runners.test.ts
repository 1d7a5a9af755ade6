import { AssertionError } from 'node:assert'
import '../../src/vitest.ts'
import { expect as jestExpect } from 'expect'
import { expect, test } from 'vitest'
import { createMailer } from '../../src/index.ts'
import { mailMatchers, type MailMatchers, type MailSnapshotMatchers } from '../../src/jest.ts'
import { assertMail, mailSnapshot } from '../../src/node-test.ts'
import { createOutbox, type Outbox, type OutboxMessage } from '../../src/testing.ts'

declare module 'expect' {
  interface Matchers<R, T> extends MailMatchers, MailSnapshotMatchers {}
}

/** An outbox with one mail, sent through a mailer: no emulator is needed. */
async function sentTo(): Promise<{ readonly outbox: Outbox; readonly mail: OutboxMessage }> {
  const outbox = createOutbox()
  await using mailer = createMailer(outbox.transporter)
  await mailer.send({
    from: 'shop@example.com',
    to: 'ada@example.net',
    subject: 'Reset your password',
    html: '<a href="https://shop.example/reset">Reset</a>',
    mailgun: { tags: ['reset'] },
  })
  const mail = await outbox.waitFor({ to: 'ada@example.net' })
  return { outbox, mail }
}

test("the door ./vitest gives Vitest's expect the matchers", async () => {
  const { outbox, mail } = await sentTo()

  expect(outbox).toHaveReceived({ to: 'ada@example.net' })
  expect(mail).toHaveTag('reset')
  await expect(mail).toHaveLink(/reset/)
  expect(() => expect(mail).toHaveTag('welcome')).toThrow("have the tag 'welcome'")
  await expect(mail).toMatchMailSnapshot()
})

test("the door ./jest gives Jest's expect the matchers", async () => {
  const { outbox, mail } = await sentTo()

  jestExpect.extend(mailMatchers)

  jestExpect(outbox).toHaveReceived({ to: 'ada@example.net' })
  await jestExpect(mail).toHaveLink(/reset/)
  expect(() => jestExpect(mail).toHaveTag('welcome')).toThrow("have the tag 'welcome'")
})

test('the door ./node-test gives assertions that throw what node:test shows as a failure', async () => {
  const { outbox, mail } = await sentTo()

  assertMail.toHaveReceivedTimes(outbox, 1)
  await assertMail.toHaveLink(mail, /reset/)
  expect(await mailSnapshot(mail)).toContain('Subject: Reset your password\n')
  expect(() => assertMail.toHaveTag(mail, 'welcome')).toThrow(AssertionError)
})
