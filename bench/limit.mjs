// How far a mailer is from the least that a client can cost: ready-made bytes through a bare socket, in the same round trips.
import { createMailer } from '@mailgun-smtp/core'
import { createTransport } from 'nodemailer'
import { compare, heading } from './compare.mjs'
import { startModule, startProgram } from './receiver.mjs'
import { openSession } from './smtp-session.mjs'

const [count = 500] = process.argv.slice(2).map(Number)
const connections = 5
const message = {
  from: 'a@mg.example.com',
  to: 'b@example.com',
  subject: 'Bench',
  text: 'x'.repeat(1000),
}

const server = await startServer()
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
const { message: source } = await composer.sendMail(message)
const ready = { from: message.from, to: message.to, source: source.toString('latin1') }
const sessions = await Promise.all(
  Array.from({ length: connections }, async () => await openSession(server.port)),
)
const mailer = createMailer({
  host: '127.0.0.1',
  port: server.port,
  secure: false,
  requireTLS: false,
  auth: { user: 'a@mg.example.com', pass: 'secret' },
  pool: true,
  maxConnections: connections,
})

const bare = { name: 'bare socket', run: inParallel((at) => sessions[at].send(ready)) }
heading()
await compare(`send 1 KB to ${server.name}, in clear`, count, bare, {
  name: 'mailer',
  run: inParallel(() => mailer.send(message)),
})
// What of the distance is nodemailer's composition, which no session can save.
await compare(`beside composing 1 KB alone`, count, bare, {
  name: 'composition',
  run: inParallel(() => composer.sendMail(message)),
})

await mailer.close()
await Promise.all(sessions.map(async (session) => await session.quit()))
await server.stop()

/** Postfix's sink, in C, or without it the emulator; both have a process of their own. */
async function startServer() {
  const program = process.env.SMTP_SINK
  if (!program) return await startModule('emulator')
  // As root it asks whom to become.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  return await startProgram('smtp-sink', program, (port) => [...user, `127.0.0.1:${port}`, '100'])
}

function inParallel(send) {
  return async (times) => {
    await Promise.all(
      Array.from({ length: connections }, async (_, at) => {
        for (let n = 0; n < times / connections; n += 1) await send(at)
      }),
    )
  }
}
