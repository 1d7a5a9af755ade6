'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { mailer, owner, sender } from '../../lib/mail'
import { questionSchema } from '../../lib/question'

export const ask = createMailAction({
  mailer,
  schema: questionSchema,
  from: sender,
  to: owner,
  redirectTo: '/thanks',
  message: ({ email, text }) => ({ subject: 'Redirect', replyTo: email, text }),
})
