// In a client component import from @mailgun-smtp/next/form, and the action from a file that
// begins with 'use server'. Next.js shows this beside its refusal of the next line.
import 'server-only'

/** Refuses to work in a browser, for bundlers that do not know the line above. */
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
