// An app as a user runs it, in a process of its own: it ends on SIGTERM, and makes its mail only then.
import { mailgun } from '@mailgun-smtp/express'
import express from 'express'
import { once } from 'node:events'

const mail = mailgun(JSON.parse(process.env.MAIL_TRANSPORT))
const terminated = once(process, 'SIGTERM')
const app = express()
app.use(mail)
app.get('/', (_req, res) => {
  res.mail.later(async () => {
    await terminated
    return {
      from: 'shop@mg.example.com',
      to: 'ada@example.net',
      subject: 'Made after SIGTERM',
      text: 'Thank you.',
    }
  })
  res.send('answered')
})
const server = mail.attach(app.listen(0, '127.0.0.1'))
process.once('SIGTERM', () => server.close())
await once(server, 'listening')
console.log(`http://127.0.0.1:${server.address().port}`)
