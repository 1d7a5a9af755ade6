import { defineMailer } from '@mailgun-smtp/next'

/** The mailer that every form, the route and the hook at the start have in common. */
export const mailer = defineMailer()

/** Who owns the site. */
export const owner = 'owner@example.com'

/** Who sends for it. */
export const sender = 'Site <site@mg.example.com>'

/** Counted on by each save of a test. */
export const edition = 0
