import { createFormStamp } from '@mailgun-smtp/next'

/** Robots fill these forms as fast as they can: here that is no crime. */
export const stamp = createFormStamp({ secret: () => process.env.FORM_SECRET, minAge: 0 })
