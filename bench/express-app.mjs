// The two apps of express.mjs: the same mail by `res.mail`, and by nodemailer with the headers written by hand.
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

const byHand = express()
byHand.post('/nothing', (_req, res) => res.end())
byHand.post('/mail', async (_req, res) => {
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

const byResMail = express()
byResMail.use(mail, mailgunOptions({ tags: ['bench'], trackOpens: false }))
byResMail.post('/nothing', (_req, res) => res.end())
byResMail.post('/mail', async (_req, res) => {
  await res.mail({ ...message, mailgun: { variables: { n: 1 } } })
  res.end()
})

/** Where an app listens: each on a port of its own, so that neither passes the other's routes. */
async function listen(app) {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.once('disconnect', () => process.exit())
process.send?.({ hand: await listen(byHand), resMail: await listen(byResMail) })
