// What a mailer costs beside plain nodemailer, both over TLS to the emulator in a process of its own.
import { createMailer } from '@mailgun-smtp/core'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { compare, heading } from './compare.mjs'

const server = spawn(process.execPath, ['emulator.mjs'], {
  cwd: import.meta.dirname,
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
const [transport] = await once(server, 'message')

const plain = createTransport({ ...transport, pool: true })
const mailer = createMailer({ ...transport, pool: true })
const message = {
  from: 'a@mg.example.com',
  to: 'b@example.com',
  subject: 'Bench',
  text: 'x'.repeat(1000),
}
const version = createRequire(import.meta.url)('nodemailer/package.json').version

const inParallel = (send) => async (count) => {
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      for (let n = 0; n < count / 5; n += 1) await send()
    }),
  )
}

heading()
await compare(
  'send 1 KB, pool of 5',
  200,
  { name: `nodemailer ${version}`, run: inParallel(() => plain.sendMail(message)) },
  {
    name: 'mailer with three options',
    run: inParallel(() =>
      mailer.send({
        ...message,
        mailgun: { tags: ['bench'], trackOpens: false, variables: { n: 1 } },
      }),
    ),
  },
)
plain.close()
await mailer.close()
server.kill()
