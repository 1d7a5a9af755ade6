// What a mailer costs beside plain nodemailer that writes the same bytes, and what options cost in a message.
import { createMailer } from '@mailgun-smtp/core'
import { buildHeaders } from '@mailgun-smtp/core/headers'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { compare, heading } from './compare.mjs'
import { startProgram } from './receiver.mjs'

const [count = 500] = process.argv.slice(2).map(Number)
const connections = 5
const version = createRequire(import.meta.url)('nodemailer/package.json').version
const message = {
  from: 'a@mg.example.com',
  to: 'b@example.com',
  subject: 'Bench',
  text: 'x'.repeat(1000),
}
const options = { tags: ['bench'], trackOpens: false, variables: { n: 1 } }

heading()
await overEmulator()
await overSink()
await compose()

async function overEmulator() {
  const server = spawn(process.execPath, ['emulator.mjs'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [transport] = await once(server, 'message')
  await beside('to the emulator, TLS', transport)
  server.kill()
}

/** Postfix's sink, in C: whatever time is spent is the sender's. */
async function overSink() {
  const program = process.env.SMTP_SINK
  if (!program) return console.log('| send 1 KB to smtp-sink | not run: SMTP_SINK is not set | | |')
  // As root it asks whom to become.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const sink = await startProgram('smtp-sink', program, (port) => [
    ...user,
    `127.0.0.1:${port}`,
    '100',
  ])
  await beside('to smtp-sink, in clear', {
    host: '127.0.0.1',
    port: sink.port,
    secure: false,
    requireTLS: false,
    auth: { user: 'a@mg.example.com', pass: 'secret' },
  })
  await sink.stop()
}

async function beside(where, transport) {
  const pool = { ...transport, pool: true, maxConnections: connections }
  const plain = createTransport({ ...pool, ignoreTLS: transport.requireTLS === false })
  const mailer = createMailer(pool)
  const same = { ...message, headers: buildHeaders(options) }
  await compare(
    `send 1 KB ${where}`,
    count,
    { name: `nodemailer ${version}`, run: inParallel(() => plain.sendMail(same)) },
    { name: 'mailer', run: inParallel(() => mailer.send({ ...message, mailgun: options })) },
  )
  plain.close()
  await mailer.close()
}

/** To a transport that reads every byte and keeps none. */
async function compose() {
  const variables = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`variable${n}`, `value ${n}`]),
  )
  const mailer = createMailer(
    createTransport({
      name: 'nowhere',
      version: '1',
      send({ message: built }, done) {
        const envelope = built.getEnvelope()
        const body = built.createReadStream()
        body.on('error', done).on('end', () => {
          done(null, { envelope, messageId: built.messageId(), response: '250 OK' })
        })
        body.resume()
      },
    }),
  )
  await compare(
    'compose 1 KB',
    count,
    { name: 'no variable', run: inParallel(() => mailer.send(message)) },
    {
      name: '20 variables',
      run: inParallel(() => mailer.send({ ...message, mailgun: { variables } })),
    },
  )
  await mailer.close()
}

function inParallel(send) {
  return async (times) => {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (let n = 0; n < times / connections; n += 1) await send()
      }),
    )
  }
}
