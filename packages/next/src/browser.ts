// What a bundler gives the browser in place of index.ts. Next.js refuses `server-only` there and shows which import led
// to it; the names are for bundlers that miss them before they get so far.
import 'server-only'

/** Refuses to work in a browser. */
function refuse(): never {
  throw new Error(
    '@mailgun-smtp/next is for the server: a client component imports @mailgun-smtp/next/form and its action from a file that begins with "use server".',
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
