// What must compile, and what must not, for a strict user of the package. Nothing here runs.
import { createTransport, type SendMailOptions } from 'nodemailer'
import {
  BatchError,
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  attachMailgun,
  buildHeaders,
  createMailer,
  createMailgunTransport,
  lint,
  mergeOptions,
  parseHeaders,
  withMailgunOptions,
  type AnyMailgunError,
  type BatchErrorCode,
  type ConfigErrorCode,
  type DeliveryErrorCode,
  type InvalidOptionCode,
  type MailgunConfig,
  type MailgunErrorCode,
  type MailgunMessage,
  type MailgunOptionName,
  type MailgunOptions,
  type MailgunTransporter,
  type Receipt,
} from '../../src/index.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

// With exactOptionalPropertyTypes, what may be absent may be computed to undefined.
const perhaps = Math.random() > 2 ? 'a' : undefined
export const inherited: MailgunOptions = {
  tags: perhaps === undefined ? undefined : [perhaps],
  track: undefined,
  deliverBy: undefined,
  variables: { perhaps, nested: { perhaps } },
}
export const config: MailgunConfig = {
  auth: { user: 'x', pass: 'y' },
  region: undefined,
  port: undefined,
  tls: undefined,
  defaults: { from: undefined, mailgun: undefined },
}
export const message: MailgunMessage = { to: perhaps, mailgun: undefined }

// null clears, for every option.
export const cleared: { readonly [Name in MailgunOptionName]: null } & MailgunOptions = {
  tags: null,
  dkim: null,
  secondaryDkim: null,
  secondaryDkimPublic: null,
  deliverBy: null,
  deliverWithin: null,
  dropMessage: null,
  track: null,
  trackClicks: null,
  trackOpens: null,
  trackPixelLocationTop: null,
  requireTls: null,
  skipVerification: null,
  sendingIp: null,
  sendingIpPool: null,
  recipientVariables: null,
  variables: null,
  templateName: null,
  templateVersion: null,
  templateVariables: null,
  deliveryTimeOptimizePeriod: null,
  timeZoneLocalize: null,
  archiveTo: null,
  suppressHeaders: null,
}

// @ts-expect-error A misspelt option is refused: did you mean tags?
export const misspelt: MailgunOptions = { tag: ['a'] }
// @ts-expect-error The name of the HTTP API is no option.
export const http: MailgunOptions = { 'o:tag': ['a'] }
// @ts-expect-error One tag is a list of one.
export const oneTag: MailgunOptions = { tags: 'a' }
// @ts-expect-error Mailgun's words are booleans here.
export const yes: MailgunOptions = { track: 'yes' }
// @ts-expect-error Only clicks know 'htmlonly'.
export const opens: MailgunOptions = { trackOpens: 'htmlonly' }
// @ts-expect-error A time without its unit is no window.
export const window_: MailgunOptions = { deliverWithin: '30' }
// @ts-expect-error A period is whole hours: no minutes.
export const period: MailgunOptions = { deliveryTimeOptimizePeriod: '24h30m' }
// @ts-expect-error Milliseconds could be seconds: a Date, or a text with its offset.
export const time: MailgunOptions = { deliverBy: Date.now() }
// @ts-expect-error A Date inside JSON would come back as a text.
export const dated: MailgunOptions = { variables: { at: new Date() } }
// @ts-expect-error A function has no JSON.
export const called: MailgunOptions = { templateVariables: { f: () => 1 } }
// @ts-expect-error The variables of a recipient are an object.
export const flat: MailgunOptions = { recipientVariables: { 'ada@example.net': 'Ada' } }
// @ts-expect-error 'all' is the only string that can replace a list of headers.
export const one: MailgunOptions = { suppressHeaders: 'X-Mailgun-Sid' }

const hours = 30
export const windows: MailgunOptions[] = [
  { deliverWithin: '5m' },
  { deliverWithin: '1h30m' },
  { deliverWithin: '24h' },
  { deliverWithin: `${hours}m` },
  { deliveryTimeOptimizePeriod: `${hours}h` },
  { trackClicks: 'htmlonly', suppressHeaders: 'all' },
  { deliverBy: '2026-11-24T09:30:00+02:00', timeZoneLocalize: '04:00PM' },
]

// Interfaces and readonly data of the application fit, without a cast.
interface Order {
  readonly id: number
  readonly lines: readonly { readonly name: string; readonly price: number }[]
}
declare const order: Order
export const fitting: MailgunOptions = { variables: { id: order.id, lines: order.lines } }
export const frozen: MailgunOptions = { tags: ['a', 'b'] as const } as const

// nodemailer's own types stay as they are: only what this package hands out takes options.
// @ts-expect-error SendMailOptions is not augmented.
export const plain: SendMailOptions = { to: 'ada@example.net', mailgun: { track: true } }
const transporter = createTransport({ streamTransport: true })
// @ts-expect-error A transporter without attachMailgun does not take options.
void transporter.sendMail({ to: 'ada@example.net', mailgun: { track: true } })
const attached = attachMailgun(transporter)
void attached.sendMail({ to: 'ada@example.net', mailgun: { track: true } })
// @ts-expect-error A misspelt option is refused there too.
void attached.sendMail({ to: 'ada@example.net', mailgun: { tracking: true } })
export const kept: Same<
  Awaited<ReturnType<typeof attached.sendMail>>,
  Awaited<ReturnType<typeof transporter.sendMail>>
> = true
export const general: MailgunTransporter<{ messageId: string; envelope: never }> | undefined =
  undefined
attached.sendMail(message, (error: Error | null) => void error)

const mailer = createMailer(config)
createMailer()
createMailer('mailgun+smtp://login:password@us')
createMailer(transporter)
createMailgunTransport(config)
// @ts-expect-error There is no third region.
createMailer({ auth: { user: 'x', pass: 'y' }, region: 'asia' })
// @ts-expect-error No login, no mail.
createMailer({ region: 'us' })
// @ts-expect-error Options of a message are no config; they go into its defaults.
createMailer({ auth: { user: 'x', pass: 'y' }, mailgun: { track: true } })

export async function sends(): Promise<Receipt> {
  await using own = mailer.with({ tags: ['a'] }).withDefaults({ track: false })
  // @ts-expect-error What is about the sending is no part of the message.
  await own.send({ ...message, idempotencyKey: 'order-7' })
  // @ts-expect-error And options of the message are no settings.
  await own.send(message, { tags: ['a'] })
  return withMailgunOptions({ requireTls: true }, () =>
    own.send(message, { signal: AbortSignal.timeout(1000) }),
  )
}

// A receipt and options are read, not written.
declare const receipt: Receipt
// @ts-expect-error A receipt says what was.
receipt.accepted[0] = 'eve@example.com'
// @ts-expect-error Options are shared between layers.
inherited.tags = ['b']

// A switch on the code narrows to the class.
export function cureOf(error: AnyMailgunError): string {
  switch (error.code) {
    case 'ERR_MAILGUN_CONFIG':
    case 'ERR_MAILGUN_CLOSED':
    case 'ERR_MAILGUN_DUPLICATE_MAILER':
    case 'ERR_MAILGUN_UNKNOWN_MAILER':
    case 'ERR_MAILGUN_VIEW_ENGINE':
      return (error satisfies ConfigError).message
    case 'ERR_MAILGUN_INVALID_OPTION':
    case 'ERR_MAILGUN_UNKNOWN_OPTION':
    case 'ERR_MAILGUN_INVALID_MESSAGE':
    case 'ERR_MAILGUN_FOREIGN_HEADER':
    case 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH':
      return `${error.path} ${error.rule}`
    case 'ERR_MAILGUN_BATCH_CHANGED':
    case 'ERR_MAILGUN_BATCH_STOPPED':
      return `${error.summary.accepted}`
    case 'ERR_MAILGUN_QUOTA':
      return error.retryAfter?.toISOString() ?? error.cure
    case 'ERR_MAILGUN_ABORTED':
    case 'ERR_MAILGUN_ACCOUNT':
    case 'ERR_MAILGUN_AUTH':
    case 'ERR_MAILGUN_CONNECTION':
    case 'ERR_MAILGUN_CONTENT':
    case 'ERR_MAILGUN_IN_FLIGHT':
    case 'ERR_MAILGUN_QUEUE_FULL':
    case 'ERR_MAILGUN_RATE_LIMIT':
    case 'ERR_MAILGUN_RECIPIENT':
    case 'ERR_MAILGUN_REFUSED':
    case 'ERR_MAILGUN_SHUTDOWN':
    case 'ERR_MAILGUN_STORE':
    case 'ERR_MAILGUN_TIMEOUT':
    case 'ERR_MAILGUN_TLS':
    case 'ERR_MAILGUN_UNKNOWN_OUTCOME':
      return error.outcome === 'unknown' ? error.cure : ''
  }
}
export function classOf(error: AnyMailgunError): string {
  if (error instanceof DeliveryError) return error.outcome
  if (error instanceof InvalidOptionError) return error.path
  if (error instanceof ConfigError) return error.message
  if (error instanceof BatchError) return `${error.summary.accepted}`
  return error satisfies never
}
// Each code has one class.
export const everyCode: Same<AnyMailgunError['code'], MailgunErrorCode> = true
export const noCodeTwice: Same<
  DeliveryErrorCode & (ConfigErrorCode | InvalidOptionCode | BatchErrorCode),
  never
> = true
// @ts-expect-error A ConfigError has no code of a delivery.
export const wrongCode: ConfigError['code'] = 'ERR_MAILGUN_QUOTA'

export const scoped: number = withMailgunOptions({}, () => 7)
export const names: readonly string[] = lint({ mailgun: cleared }).map(({ code }) => code)
export const merged: MailgunOptions = mergeOptions(undefined, inherited, cleared)
export const read: MailgunOptions = parseHeaders(
  Object.entries(buildHeaders(merged)).flatMap(([name, fields]) =>
    fields.map(({ value }) => [name, value] as const),
  ),
)
