import { Router } from 'express'
import { shopMailbox } from '../shop/brand.ts'
import { sentMail } from '../shop/sent-mail.ts'
import { letter } from '../shop/letter.ts'
import { paragraphs, readNewsletter, tomorrowAt } from './newsletter.ts'

/** Writes one letter to many people: one message, a copy of their own for each. */
export const newsletterRoute: Router = Router()

newsletterRoute.post('/newsletter', async (req, res) => {
  const { people, subject, text } = readNewsletter(req.body)
  const deliverBy = tomorrowAt(9)
  const receipt = await res.mail({
    from: shopMailbox('post'),
    to: people.map(({ name, address }) => ({ name, address })),
    subject,
    text,
    html: letter(subject, paragraphs(text)),
    mailgun: {
      tags: ['newsletter'],
      // What %recipient.first% becomes in the copy of each.
      recipientVariables: Object.fromEntries(
        people.map(({ address, first }) => [address, { first }]),
      ),
      deliverBy,
    },
  })
  res.redirect(303, `/newsletter/sent/${sentMail.keep(receipt, deliverBy)}`)
})
