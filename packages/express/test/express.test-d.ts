// What must compile, and what must not, in a strict Express 5 app. Nothing here runs.
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import {
  mailErrorHandler,
  mailgun,
  type MailgunMessage,
  mailgunOptions,
  type Receipt,
} from '../src/index.ts'

const app = express()
const message: MailgunMessage = { to: 'ada@example.net', subject: 'Hi', text: 'Hi' }

// Each middleware is a handler of Express, wherever one goes.
const handler: RequestHandler = mailgun()
const errorHandler: ErrorRequestHandler = mailErrorHandler()
app.use(handler, mailgunOptions({ tags: ['web'] }))
app.use('/shop', mailgun(undefined, { name: 'news', defaults: { track: false } }))
app.use(errorHandler, mailErrorHandler())

// A function of the request knows the request of its route, and what other packages put on it.
app.get(
  '/orders/:id',
  mailgunOptions((req: Request<{ id: string }>) => ({ variables: { order: req.params.id } })),
  mailgunOptions((req) => ({ variables: { url: req.url ?? '' } })),
)
mailgun('mailgun+smtp://login:password@us', {
  defaults: (req: Request) => ({ variables: { ip: req.ip } }),
})

app.post('/orders', mailgunOptions({ trackClicks: 'htmlonly' }), async (_req, res) => {
  const receipt: Receipt = await res.mail({ ...message, mailgun: { tags: null } })
  await res.mail.render('receipt', { name: 'Ada' }, message, { signal: AbortSignal.timeout(1000) })
  await res.mail.via('news').render('receipt', undefined, message)
  res.json(receipt.messageId)

  // @ts-expect-error The view is the HTML: a message with its own would lose it in silence.
  await res.mail.render('receipt', {}, { ...message, html: '<p>Hi</p>' })
  // @ts-expect-error Options belong to the message; the second argument is about the sending.
  await res.mail(message, { tags: ['order'] })
  // @ts-expect-error An option that Mailgun does not have.
  await res.mail({ ...message, mailgun: { tag: 'order' } })
})

// @ts-expect-error An option that Mailgun does not have.
mailgunOptions({ tag: 'order' })
// @ts-expect-error Nor may a function return one of the wrong kind.
mailgunOptions(() => ({ tags: 'order' }))
// @ts-expect-error A config needs its credentials.
mailgun({ region: 'eu' })
