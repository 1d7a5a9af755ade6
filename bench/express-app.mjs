// The app of express.mjs: the same mail by `res.mail`, and by nodemailer with the headers written by hand.
import { mailgun, mailgunOptions } from '@mailgun-smtp/express'
import express from 'express'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'

const config = { ...JSON.parse(process.argv[2] ?? ''), pool: true }
const transporter = createTransport(config)
const mail = mailgun(config)
const message = {
  from: 'a@mg.example.com',
  to: 'b@example.com',
  subject: 'Bench',
  text: 'x'.repeat(1000),
}

const hand = express.Router()
hand.post('/nothing', (_req, res) => res.end())
hand.post('/mail', async (_req, res) => {
  await transporter.sendMail({
    ...message,
    headers: {
      'X-Mailgun-Tag': 'bench',
      'X-Mailgun-Track-Opens': 'no',
      'X-Mailgun-Variables': { prepared: true, value: '{"n":1}' },
    },
  })
  res.end()
})

const resMail = express.Router()
resMail.use(mail, mailgunOptions({ tags: ['bench'], trackOpens: false }))
resMail.post('/nothing', (_req, res) => res.end())
resMail.post('/mail', async (_req, res) => {
  await res.mail({ ...message, mailgun: { variables: { n: 1 } } })
  res.end()
})

const app = express()
app.use('/hand', hand)
app.use('/res-mail', resMail)
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')

process.on('message', (moment) => {
  if (moment === 'begin') globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.once('disconnect', () => process.exit())
process.send?.({ url: `http://127.0.0.1:${server.address().port}` })
