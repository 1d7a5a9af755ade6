// Sends a batch, or goes on with one that was stopped, and prints what came of each chunk, and what it cost;
// of each recipient too, if it is asked to list them.
import { createMailer, fileStore } from '@mailgun-smtp/core'
import { watchTurns } from './longest-turn.mjs'

const { config, path, count, settings, lists } = JSON.parse(process.argv[2])
const store = path && fileStore(path)
const mailer = createMailer({ ...config, store })
const chunks = {}
const listed = lists ? [] : undefined

function* recipients() {
  for (let n = 0; n < count; n++) {
    yield { to: `customer-${n}@example.com`, variables: { name: `Customer ${n}`, number: n } }
  }
}

const stopWatching = watchTurns()
const summary = await mailer.sendBatch(
  {
    from: 'shop@mg.example.com',
    subject: 'Hello %recipient.name%',
    text: 'No. %recipient.number%',
  },
  recipients(),
  {
    ...settings,
    onReport: ({ to, chunk, outcome }) => {
      listed?.push({ to, chunk, outcome })
      const seen = (chunks[chunk] ??= {})
      seen[outcome] = (seen[outcome] ?? 0) + 1
    },
  },
)
const longestTurnMs = stopWatching()
await mailer.close()
await store?.close()
// In KiB.
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ summary, chunks, listed, longestTurnMs, peakMb }))
