// What a bundler gives an Edge route in place of index.ts: the same names, and a sentence instead of a missing node:net.

/** Refuses to work where there are no sockets. */
function refuse(): never {
  throw new Error(
    "@mailgun-smtp/next speaks SMTP, which the Edge runtime cannot: remove `export const runtime = 'edge'`, or write runtime = 'nodejs', in the page, route or proxy that imports it.",
  )
}

export {
  refuse as ConfigError,
  refuse as createFormStamp,
  refuse as createMailAction,
  refuse as defineMailer,
  refuse as DeliveryError,
  refuse as FormStampField,
  refuse as InvalidOptionError,
  refuse as MailgunError,
  refuse as memoryRateLimitStore,
  refuse as registerMail,
  refuse as sendMail,
  refuse as sendMailAfter,
}
