import { expect, test } from 'vitest'
import { createMailer, withMailgunOptions, type ComposedMessage } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn } from '../wire/wire.ts'

test('one mailer composes and another sends, each time the same bytes, whatever its own defaults and scope', async () => {
  await using server = await ScriptedServer.open()
  await using shop = createMailer({
    ...server.config,
    defaults: { mailgun: { tags: ['shop'], track: false } },
  })
  await using worker = createMailer({
    ...server.config,
    defaults: { replyTo: 'worker@example.com', mailgun: { tags: ['worker'] } },
  })

  const composed = withMailgunOptions({ dkim: true }, () =>
    shop.compose({ ...letter, html: '<p>Hi</p>', attachments: [{ content: Buffer.from([0]) }] }),
  )
  const text = JSON.stringify(composed)
  const send = () =>
    worker.with({ templateName: 'worker' }).send(JSON.parse(text) as ComposedMessage)
  await send()
  await withMailgunOptions({ trackOpens: false }, send)

  const [first = '', second] = server.bodies
  expect(second).toBe(first)
  expect(wireIn(first).mailgun).toEqual([
    'X-Mailgun-Tag: shop',
    'X-Mailgun-Track: no',
    'X-Mailgun-Dkim: yes',
  ])
  expect(wireIn(first).fields.map(([name]) => name)).not.toContain('Reply-To')
})
