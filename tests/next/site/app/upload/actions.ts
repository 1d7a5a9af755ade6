'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { mailer, owner, sender } from '../../lib/mail'
import { questionSchema } from '../../lib/question'

export const ask = createMailAction({
  mailer,
  schema: questionSchema,
  from: sender,
  to: owner,
  rateLimit: false,
  attachments: { fields: ['files'], maxFiles: 2, maxFileBytes: 300_000 },
  message: ({ email, text }) => ({ subject: 'Files', replyTo: email, text }),
})
