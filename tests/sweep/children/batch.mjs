// Sends a batch, or goes on with one that was stopped, and prints what came of each chunk and how long the event loop was held up.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createMailer, fileStore } from '@mailgun-smtp/core'

const { config, path, count, settings } = JSON.parse(process.argv[2])
const store = path && fileStore(path)
const mailer = createMailer({ ...config, store })
const delay = monitorEventLoopDelay({ resolution: 5 })
const chunks = {}

function* recipients() {
  for (let n = 0; n < count; n++) {
    yield { to: `customer-${n}@example.com`, variables: { name: `Customer ${n}`, number: n } }
  }
}

delay.enable()
const summary = await mailer.sendBatch(
  {
    from: 'shop@mg.example.com',
    subject: 'Hello %recipient.name%',
    text: 'No. %recipient.number%',
  },
  recipients(),
  {
    ...settings,
    onReport: ({ chunk, outcome }) => {
      const seen = (chunks[chunk] ??= {})
      seen[outcome] = (seen[outcome] ?? 0) + 1
    },
  },
)
delay.disable()
await mailer.close()
await store?.close()
console.log(JSON.stringify({ summary, chunks, maxDelayMs: delay.max / 1e6 }))
