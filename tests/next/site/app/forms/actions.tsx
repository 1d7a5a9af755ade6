'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { z } from 'zod'
import { mailer, owner, sender } from '../../lib/mail'
import { questionSchema } from '../../lib/question'
import { stamp } from '../../lib/stamp'
import { Letter } from '../../lib/letter'

const settings = {
  mailer,
  schema: questionSchema,
  from: sender,
  to: owner,
  rateLimit: false,
  message: ({ email, text }: z.infer<typeof questionSchema>) => ({
    subject: 'Question',
    replyTo: email,
    text,
  }),
} as const

export const limited = createMailAction({
  ...settings,
  rateLimit: { limit: 1, bucket: 'limited' },
})

export const flooded = createMailAction({
  ...settings,
  rateLimit: { limit: 2, global: 4, bucket: 'flooded' },
})

export const leading = createMailAction({ ...settings, redirectTo: '/thanks' })

export const later = createMailAction({
  ...settings,
  mode: 'after',
  onSuccess: ({ messageId }) => console.log(`later: sent ${messageId}`),
  onError: (error) => console.log('later: failed', error),
})

export const pretty = createMailAction({
  ...settings,
  message: ({ email, text }) => ({
    subject: 'Pretty',
    replyTo: email,
    react: <Letter text={text} />,
  }),
})

export const bound = createMailAction({
  ...settings,
  boundSchema: z.tuple([z.enum(['sales', 'support'])]),
  message: ({ email, text }, _context, department) => ({
    subject: `For ${department}`,
    replyTo: email,
    text,
  }),
})

export const stamped = createMailAction({ ...settings, stamp })
