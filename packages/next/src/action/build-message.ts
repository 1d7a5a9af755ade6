import {
  ConfigError,
  InvalidOptionError,
  mergeOptions,
  type MailgunMessage,
  type MailgunOptions,
} from '@mailgun-smtp/core'
import type { Attachment } from './attachments.ts'
import { cleanLine, cut } from './clean-text.ts'
import {
  type InputRecipients,
  refuseTypedAddresses,
  refuseTypedArchive,
} from '../protection/typed-addresses.ts'

type Addresses = MailgunMessage['to']

/** What the app fixes about each mail of a form. */
export interface FixedParts {
  readonly to?: Addresses
  readonly from?: Addresses
  readonly allowInputRecipients?: InputRecipients | undefined
  readonly subjectLength?: number | undefined
}

/**
 * The message that may leave: with the fixed parts and the visitor's files, its lines clean, and no mail to an address that
 * only the visitor named.
 *
 * @throws {InvalidOptionError} if it goes to or comes from an address that was typed.
 */
export function buildMessage(
  message: MailgunMessage,
  options: MailgunOptions | undefined,
  fixed: FixedParts,
  typed: readonly string[],
  attachments: readonly Attachment[] = [],
): MailgunMessage {
  const { to = fixed.to, from = fixed.from, subject, replyTo } = message
  const { subjectLength = 200 } = fixed
  const clean = (addresses: Addresses) => withShortNames(addresses, subjectLength)
  if (to === undefined && message.cc === undefined && message.bcc === undefined) {
    throw new ConfigError('createMailAction needs to, or a message that has recipients.')
  }
  const whole: MailgunMessage = {
    ...message,
    to: clean(to),
    cc: clean(message.cc),
    bcc: clean(message.bcc),
    from: clean(from),
    replyTo: clean(oneReplyTo(replyTo)),
    ...(typeof subject === 'string' && {
      subject: cut(cleanLine(subject), subjectLength),
    }),
    ...(attachments.length > 0 && {
      attachments: [...(message.attachments ?? []), ...attachments],
    }),
  }
  refuseTypedAddresses(whole, typed, [fixed.to, fixed.from], fixed.allowInputRecipients)
  refuseTypedArchive(mergeOptions(options, message.mailgun).archiveTo, typed)
  return whole
}

/** A reply goes to one person: more would spread what the owner answers. */
function oneReplyTo(replyTo: Addresses): Addresses {
  if (!Array.isArray(replyTo)) return replyTo
  if (replyTo.length !== 1) {
    throw new InvalidOptionError(
      'replyTo',
      'must be exactly one address',
      'ERR_MAILGUN_INVALID_MESSAGE',
    )
  }
  return replyTo[0]
}

/** The same addresses with names of one line each, cut to a length. */
function withShortNames(value: Addresses, length: number): Addresses {
  if (Array.isArray(value)) return value.map((one) => withShortNames(one, length) ?? '')
  if (typeof value === 'string') return cleanLine(value)
  return typeof value?.name === 'string'
    ? { ...value, name: cut(cleanLine(value.name), length) }
    : value
}
