import { addressKey } from './address-key.ts'
import { isPlainObject } from './json.ts'
import type { MailgunOptions } from './options.ts'
import { type PlacedAddress, addressesOf } from './placed-address.ts'
import { placeholdersIn } from './placeholders.ts'

/** What lint reads of a message: nodemailer's words, and nothing of nodemailer. */
export interface LintableMessage {
  readonly mailgun?: MailgunOptions | undefined
  readonly to?: unknown
  readonly cc?: unknown
  readonly bcc?: unknown
  readonly subject?: unknown
  readonly text?: unknown
  readonly html?: unknown
  readonly references?: unknown
  readonly headers?: unknown
}

/** What a rule found, where it says more than the rule. */
export interface Finding {
  readonly path: string
  readonly message: string
}

/** What the rules look at. */
export interface Subject {
  readonly options: MailgunOptions
  readonly recipients: readonly PlacedAddress[]
  readonly to: readonly PlacedAddress[]
  readonly copied: readonly PlacedAddress[]
  /** The addresses of the recipient variables, as they are compared: without case. */
  readonly variableKeys: ReadonlySet<string>
  readonly placeholders: readonly string[]
  /** Subject, text and HTML. */
  readonly written: string
  readonly message: LintableMessage
  readonly deliverBy: number | undefined
}

/** A message, taken apart once for all rules. */
export function takeApart(message: LintableMessage): Subject {
  const options: MailgunOptions = isPlainObject(message.mailgun) ? message.mailgun : {}
  const to = addressesOf(message.to, 'to')
  const copied = [...addressesOf(message.cc, 'cc'), ...addressesOf(message.bcc, 'bcc')]
  const body = [message.subject, message.text, message.html]
    .filter((part) => typeof part === 'string')
    .join('\n')
  const { deliverBy } = options
  const time =
    typeof deliverBy === 'string' ? Date.parse(deliverBy) : (deliverBy?.getTime?.() ?? Number.NaN)
  return {
    options,
    to,
    copied,
    recipients: [...to, ...copied],
    variableKeys: new Set(
      Object.keys(options.recipientVariables ?? {}).map((address) =>
        addressKey(address).toLowerCase(),
      ),
    ),
    placeholders: placeholdersIn(body),
    written: body,
    message,
    deliverBy: Number.isNaN(time) ? undefined : time,
  }
}
