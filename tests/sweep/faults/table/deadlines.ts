import type { MailgunConfig } from '@mailgun-smtp/core'

/** A deadline, in milliseconds, for what hangs before the body. A busy machine that misses it elsewhere gives the same word. */
export const soon = 400

/** What is slow only because the machine is busy is tried again. */
const patient = { times: 10, baseDelay: 1 } as const

/** For what hangs in the body. */
export const shortBody = {
  deadlines: { body: soon },
  retry: patient,
} satisfies Partial<MailgunConfig>

/** For what hangs after the dot, where a try that came so far is the last one. */
export const shortEnd = {
  deadlines: { afterDot: 4000 },
  retry: patient,
} satisfies Partial<MailgunConfig>
