import { registry } from '../options/registry.ts'
import { invalid } from './invalid-message.ts'
import { nearestName } from './nearest-name.ts'

/** Every field that nodemailer 10 reads of a message (its `Mail.Options` and its composer), and ours. */
const known = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'replyTo',
  'inReplyTo',
  'references',
  'subject',
  'text',
  'html',
  'watchHtml',
  'amp',
  'icalEvent',
  'headers',
  'list',
  'attachments',
  'alternatives',
  'attachDataUrls',
  'envelope',
  'messageId',
  'date',
  'encoding',
  'textEncoding',
  'raw',
  'newline',
  'priority',
  'xMailer',
  'baseBoundary',
  'boundaryPrefix',
  'normalizeHeaderKey',
  'disableUrlAccess',
  'disableFileAccess',
  'maxRecipients',
  'dkim',
  '_dkim',
  'dsn',
  'ses',
  'otp',
  'auth',
  'mailgun',
])

/** What this package and nodemailer's transports hand along with a message. These fields are known, and checking them costs time. */
const carried = new Set(['signal', 'mailgunHandover', 'requireTLSExtensionEnabled'])

/** Fields that other libraries have, or that people expect, with the one that is meant. */
const meant: Readonly<Record<string, string>> = {
  attachment: 'attachments',
  body: 'text or html',
  content: 'text or html',
  contents: 'text or html',
  message: 'text or html',
  plain: 'text',
  plaintext: 'text',
  htmlbody: 'html',
  textbody: 'text',
  recipient: 'to',
  recipients: 'to',
  reply: 'replyTo',
  title: 'subject',
  tags: 'mailgun.tags',
  tag: 'mailgun.tags',
  unsubscribe: 'list.unsubscribe',
}

/**
 * Refuses a field that nothing reads: it would be dropped without a word.
 *
 * @throws {InvalidOptionError} with the name that was meant, where one is near.
 */
export function refuseUnknownFields(message: object): void {
  for (const [index, field] of Object.keys(message).entries()) {
    if (known.has(field) || Reflect.get(message, field) === undefined) continue
    const path = /^[\w-]{1,40}$/.test(field) ? field : `message[${index}]`
    const name = meantBy(field)
    throw invalid(
      path,
      `is not a field of a message and would be dropped${name ? `: did you mean ${name}?` : ''}`,
    )
  }
}

/** Refuses a field only where its name shows that another is meant: a plugin may read what nodemailer does not. */
export function refuseMisspeltFields(message: object): void {
  for (const field of Object.keys(message)) {
    if (known.has(field) || carried.has(field)) continue
    if (Reflect.get(message, field) === undefined) continue
    const name = meantBy(field)
    if (name) throw invalid(field, `would be dropped: did you mean ${name}?`)
  }
}

function meantBy(field: string): string | undefined {
  const plain = field.replace(/[-_]/g, '').toLowerCase()
  if (Object.hasOwn(meant, plain)) return meant[plain]
  if (Object.hasOwn(registry, field)) return `mailgun.${field}`
  const option = nearestName(field, Object.keys(registry))
  return nearestName(field, [...known]) ?? (option && `mailgun.${option}`)
}

/** The fields of a message that a polluted `Object.prototype` could add: nodemailer reads them without asking whose they are. */
export function shadowInherited(message: object): void {
  for (const field of known) {
    if (!Object.hasOwn(message, field) && Reflect.get(message, field) !== undefined) {
      Object.defineProperty(message, field, {
        value: undefined,
        writable: true,
        configurable: true,
      })
    }
  }
}
