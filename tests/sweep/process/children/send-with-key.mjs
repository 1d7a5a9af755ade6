// Sends one message under a key that a file remembers, and prints what came of it.
import { createMailer, fileStore } from '@mailgun-smtp/core'

const { config, path } = JSON.parse(process.argv[2])
const store = fileStore(path)
const mailer = createMailer({ ...config, store })

const outcome = await mailer
  .send(
    { from: 'shop@mg.example.com', to: 'ada@example.com', text: 'It is on its way.' },
    { idempotencyKey: 'order-1' },
  )
  .then(
    () => 'accepted',
    (error) => error.outcome,
  )
await mailer.close()
await store.close()
console.log(JSON.stringify(outcome))
