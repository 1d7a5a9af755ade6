'use server'

import { createMailAction } from '@mailgun-smtp/next'
import { mailer, owner, sender } from '../../lib/mail'
import { carelessSchema } from '../../lib/question'

const settings = {
  mailer,
  schema: carelessSchema,
  from: sender,
  rateLimit: false,
  onError: (error: unknown) => console.error('careless:', error),
} as const

/** Mails whomever a visitor names. */
export const copy = createMailAction({
  ...settings,
  message: ({ email, text }) => ({ to: email, subject: 'Your copy', text }),
})

/** Puts a recipient together. */
export const split = createMailAction({
  ...settings,
  message: ({ email, text }) => ({ to: `${email}@${text}`, subject: 'Your copy', text: 'Hi' }),
})

/** Writes what was typed wherever a mail has a place for it, but for the recipient. */
export const everywhere = createMailAction({
  ...settings,
  to: owner,
  message: ({ email, text }) => ({
    subject: text,
    replyTo: email,
    text,
    mailgun: { variables: { [text]: email } },
  }),
})

/** Lets a visitor choose where copies of all mail go. */
export const archive = createMailAction({
  ...settings,
  to: owner,
  message: ({ email, text }) => ({ subject: 'Hi', text, mailgun: { archiveTo: email } }),
})

/** Writes as the visitor. */
export const impersonate = createMailAction({
  ...settings,
  to: owner,
  message: ({ email, text }) => ({ from: email, subject: 'Hi', text }),
})
