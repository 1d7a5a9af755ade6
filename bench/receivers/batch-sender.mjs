// Sends a batch of so many recipients to a transport that reads every byte and keeps none.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { createMailer } from '@mailgun-smtp/core'
import { createTransport } from 'nodemailer'

const [count, key] = [Number(process.argv[2]), process.argv[3]]
let messages = 0

const nowhere = createTransport({
  name: 'nowhere',
  version: '1',
  send({ message }, done) {
    const body = message.createReadStream()
    body.on('error', done)
    body.on('end', () => {
      messages += 1
      const envelope = message.getEnvelope()
      done(null, {
        envelope,
        messageId: message.messageId(),
        accepted: envelope.to,
        response: '250 OK',
      })
    })
    body.resume()
  },
})

const delays = monitorEventLoopDelay({ resolution: 5 })
let rss = 0
const watch = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 20)
const mailer = createMailer(nowhere)
delays.enable()
const start = performance.now()

await mailer.sendBatch(
  { from: 'bench@mg.example.com', subject: 'Hello %recipient.first%', text: 'x'.repeat(1_000) },
  crowd(),
  { key, onReport: () => {} },
)

const seconds = (performance.now() - start) / 1_000
clearInterval(watch)
process.send(
  {
    messages,
    seconds,
    rss: Math.max(rss, process.memoryUsage.rss()) / 1e6,
    block: delays.max / 1e6,
  },
  () => process.disconnect(),
)

function* crowd() {
  for (let n = 0; n < count; n += 1) {
    yield { to: `reader${n}@example.com`, variables: { first: `Reader ${n}`, code: n } }
  }
}
