'use server'

import { createMailAction, defineMailer } from '@mailgun-smtp/next'
import { shopMailbox } from '../../../src/shop/brand.ts'
import { letter } from '../../../src/shop/letter.ts'
import { contactSchema } from './contact-schema.ts'

/** Brings a visitor's question to the shop, whose answer goes straight back. */
export const contact = createMailAction({
  mailer: defineMailer(),
  schema: contactSchema,
  from: shopMailbox('post'),
  to: shopMailbox('hello'),
  message: ({ name, email, subject, question }) => ({
    replyTo: { name, address: email },
    subject,
    text: question,
    html: letter(subject, [question, name]),
  }),
  options: { tags: ['contact'], track: false },
})
