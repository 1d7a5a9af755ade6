import type { Headers, MailMessage, SendMailOptions, Transporter } from 'nodemailer'
import { callbackify } from 'node:util'
import { refuseDisguises } from '../message/disguises.ts'
import { readFields } from '../message/field-values.ts'
import { headerEntries } from '../message/header-entries.ts'
import { refuseMisspeltFields, shadowInherited } from '../message/known-fields.ts'
import { readLateContent } from '../message/late-content.ts'
import { withListFields } from '../message/list-fields.ts'
import { type MailgunMessage, refuse, refuseEndlessAddresses } from '../message/message.ts'
import { copyParts } from '../message/parts.ts'
import { addressedVariables } from '../message/recipient-variables.ts'
import { buildHeaders } from '../options/header-fields.ts'
import { isPlainObject } from '../options/json.ts'
import { mailboxesIn } from '../options/mailboxes.ts'
import { mergeOptions } from '../options/merge.ts'
import { isMerged } from '../options/merged.ts'
import type { MailgunOptions } from '../options/options.ts'
import { scopeLayers } from '../options/scope.ts'
import { once } from '../process-wide.ts'
import { type Sealed, seal } from './header-block.ts'

// A transporter may be attached by one copy of this package and wrapped by another.
const messages = once('sealed/v1', () => new WeakMap<object, Sealed>())

/** Turns a message's options into headers when nodemailer compiles it. */
export function addCompileStep<Info>(transporter: Transporter<Info>): void {
  // nodemailer's own plugin for data URLs reads files before ours runs, and a message may not open what the config closed.
  transporter._defaults = {
    disableFileAccess: true,
    disableUrlAccess: true,
    ...transporter._defaults,
  }
  transporter.use('compile', (mail, done) => {
    let late: Promise<void> | undefined
    try {
      messages.set(mail, compile(mail.data, transporter._defaults))
      late = readLateContent(mail.data)
    } catch (error) {
      done(asError(error))
      return
    }
    if (late) callbackify(() => late)((error) => done(error ? asError(error) : null))
    else done()
  })
}

/**
 * Checks what nodemailer built, after every plugin, and keeps it.
 *
 * @throws {InvalidOptionError} if it may not leave.
 */
export function checkBuilt(mail: MailMessage): void {
  // No entry: a plugin replaced the message object, so nothing vouches for it.
  seal(mail, messages.get(mail) ?? { options: {}, headers: {} })
}

/** Options become headers, on nodemailer's own copy of the message: the caller's objects stay as they are. */
function compile(data: SendMailOptions & MailgunMessage, defaults: MailgunMessage): Sealed {
  refuse(data, 'idempotencyKey', 'needs a mailer: createMailer(transporter) keeps keys')
  refuseMisspeltFields(data)
  shadowInherited(data)
  refuseEndlessAddresses(data)
  const options = addressed(optionsOf(data.mailgun, defaults.mailgun), data)
  readFields(data)
  copyParts(data)
  refuseDisguises(data)
  const own = withListFields(headerEntries(data.headers), data.list)
  delete data.list
  const headers = buildHeaders(options)
  data.headers = [...own, ...headerEntries(headers)] as Headers
  return { options, headers }
}

/** The options with recipient variables as RCPT will name the recipients. */
function addressed(options: MailgunOptions, message: SendMailOptions): MailgunOptions {
  const { recipientVariables } = options
  if (!isPlainObject(recipientVariables)) return options
  const fields = message.envelope ? [message.envelope.to] : []
  const recipients = [message.to, message.cc, message.bcc, ...fields].flatMap(mailboxesIn)
  return { ...options, recipientVariables: addressedVariables(recipientVariables, recipients) }
}

function optionsOf(
  own: MailgunOptions | undefined,
  defaults: MailgunOptions | undefined,
): MailgunOptions {
  // A mailer merges where the message enters; merging again would bring back what was cleared there.
  if (own && isMerged(own)) return own
  // nodemailer fills a message without `mailgun` with the defaults' object.
  return mergeOptions(defaults, ...scopeLayers(), own === defaults ? undefined : own)
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The message could not be compiled.')
}
