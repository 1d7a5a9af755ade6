import type { Mailer } from '@mailgun-smtp/core'
import { createMailAction } from '../../src/action/mail-action.ts'
import { schema, type Settings } from './contact-form.ts'

/** The settings of an action whose mail goes to its owner, without a limit on how many. */
export const fixed = (mailer: Mailer) =>
  ({
    mailer,
    schema,
    to: 'owner@example.com',
    from: 'form@mg.example.com',
    rateLimit: false,
  }) as const

/** The action of the contact form, with some settings of a test's own. */
export const contactBy = (mailer: Mailer, more: Partial<Settings> = {}) =>
  createMailAction({
    ...fixed(mailer),
    message: ({ name, email, text }) => ({ subject: name, replyTo: email, text }),
    ...more,
  })
