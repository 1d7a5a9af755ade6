// What a bundler gives to an Edge route and to the browser in place of index.ts: the same names, and
// a sentence in place of a missing node:net.

/** Throws, because this runtime has no sockets. */
function refuse(): never {
  throw new Error(
    "@mailgun-smtp/next speaks SMTP, so it runs in Node.js only. In a page, route or proxy, remove `export const runtime = 'edge'`. In a client component, import @mailgun-smtp/next/form, and the action from a file that begins with 'use server'. A test that calls the action needs Jest's environment 'node'.",
  )
}

/** Returns a value that throws when it is used: a test in jsdom may load an action that it never calls. */
function make(): unknown {
  return new Proxy(refuse, {
    get: (own, key) => (typeof key === 'symbol' || key in own ? Reflect.get(own, key) : refuse),
  })
}

export {
  refuse as ConfigError,
  make as createFormStamp,
  make as createMailAction,
  make as defineMailer,
  refuse as DeliveryError,
  refuse as FormStampField,
  refuse as InvalidOptionError,
  refuse as MailgunError,
  make as memoryRateLimitStore,
  refuse as registerMail,
  refuse as sendMail,
  refuse as sendMailAfter,
}
