// smtp-server as one would use it in the emulator's place: it keeps the same amount of mail, unread.
import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'
import { serve } from './serve.mjs'

const most = { messages: 1_000, bytes: 256_000_000 }
const kept = []
let bytes = 0

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  size: 52_428_800,
  onData(stream, session, done) {
    const chunks = []
    stream.on('data', (chunk) => chunks.push(chunk))
    stream.once('error', done)
    stream.once('end', () => {
      keep({ source: Buffer.concat(chunks), envelope: session.envelope })
      done(null, 'Great success')
    })
  },
})
server.listen(0, '127.0.0.1')
await once(server.server, 'listening')
serve(server.server.address().port)

function keep(message) {
  kept.push(message)
  bytes += message.source.length
  while (kept.length > most.messages || bytes > most.bytes) bytes -= kept.shift().source.length
}
