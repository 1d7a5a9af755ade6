// What a bundler gives to an Edge route and to the browser in place of index.ts: the same names, and
// a sentence in place of a missing node:net.

/** Refuses to work where there are no sockets. */
function refuse(): never {
  throw new Error(
    "@mailgun-smtp/next speaks SMTP, so it runs in Node.js only. In a page, route or proxy, remove `export const runtime = 'edge'`. In a client component, import @mailgun-smtp/next/form, and the action from a file that begins with 'use server'.",
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
