'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { mailer, owner, sender } from '../../lib/mail'
import { choicesSchema } from '../../lib/choices'

export const choose = createMailAction({
  mailer,
  schema: choicesSchema,
  from: sender,
  to: owner,
  rateLimit: false,
  message: ({ paper, extras, guests, delivery }) => ({
    subject: 'Choices',
    text: JSON.stringify({ paper, extras, guests, delivery }),
  }),
})
