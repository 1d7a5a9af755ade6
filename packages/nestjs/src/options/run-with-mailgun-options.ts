import { withMailgunOptions } from '@mailgun-smtp/core'

/** @deprecated The same as `withMailgunOptions`. */
export const runWithMailgunOptions: typeof withMailgunOptions = withMailgunOptions
