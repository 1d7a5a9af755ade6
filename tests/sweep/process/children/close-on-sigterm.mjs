// Sends many messages at once, closes its mailer at SIGTERM, and prints what came of each when all have settled.
import { createMailer } from '@mailgun-smtp/core'

const { config, count, within } = JSON.parse(process.argv[2])
const mailer = createMailer(config)
process.once('SIGTERM', () => void mailer.close({ within }))

const settled = await Promise.allSettled(
  Array.from({ length: count }, (_, n) =>
    mailer.send({
      from: 'shop@mg.example.com',
      to: `customer-${n}@example.com`,
      text: 'It is on its way.',
    }),
  ),
)
console.log(
  JSON.stringify(
    settled.map(({ reason }) =>
      reason ? { outcome: reason.outcome, code: reason.code } : { outcome: 'accepted' },
    ),
  ),
)
