'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { mailer, owner, sender } from '../../lib/mail'
import { questionSchema } from '../../lib/question'

export const ask = createMailAction({
  mailer,
  schema: questionSchema,
  from: sender,
  to: owner,
  rateLimit: { limit: 1, bucket: 'limited' },
  message: ({ email, text }) => ({ subject: 'Limited', replyTo: email, text }),
})
