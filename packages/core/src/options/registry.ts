import {
  headerNames,
  jsonObject,
  mergedJsonObject,
  text,
  texts,
  yesNo,
  yesNoOrHtmlOnly,
  yesOrAbsent,
  type Codec,
  type TextFormat,
} from './codecs.ts'
import { dateTime } from './date-time.ts'
import { InvalidOptionError } from '../outcome/errors.ts'
import { entryPath, isPlainObject } from './json.ts'
import { mergeEntries, mergeKeys, unite } from './merge-values.ts'
import type { HoursAndMinutes, Hours, MailgunOptions, RecipientVariables } from './options.ts'

/** How one option travels. */
export interface HeaderRow<Value> {
  /** The header as Mailgun writes it; readers ignore its case. */
  readonly header: `X-Mailgun-${string}`
  /** The same option in Mailgun's HTTP API. */
  readonly httpParameter: string
  readonly codec: Codec<Value>
  /** Joins an outer layer's value with an inner one's; without it the inner value replaces the outer. */
  readonly merge?: (outer: Value, inner: Value) => Value
}

/** The most recipients of one message (manual, "Batch sending"). */
export const maxRecipients = 1000

const tag: TextFormat = {
  pattern: /^.{1,128}$/,
  rule: 'must be at most 128 characters',
}

const dkimKey: TextFormat = {
  // The manual's table writes a comma, Mailgun's OpenAPI file and its Go and Ruby clients a slash.
  pattern: /^[a-z0-9_-]+(\.[a-z0-9_-]+)*[/,][a-z0-9._-]+$/i,
  rule: "must be 'domain/selector'",
}

const ipAddress: TextFormat = {
  pattern: { test: (value) => isIpv4(value) || isIpv6(value) },
  rule: 'must be an IP address',
}

function isIpv4(value: string): boolean {
  const parts = value.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

// No node:net here: this module runs in browsers and at the edge too.
function isIpv6(value: string): boolean {
  return /^[\da-f:.]+$/i.test(value) && URL.canParse(`http://[${value}]`)
}

const httpUrl: TextFormat = {
  pattern: { test: (value) => /^https?:\/\/\S+$/i.test(value) && URL.canParse(value) },
  rule: 'must be an http or https URL',
}

const deliverWithin: TextFormat = {
  pattern: { test: (value) => isBetween(minutes(value), 5, 24 * 60) },
  rule: "must be hours and minutes, such as '1h30m', from 5m to 24h",
}

function minutes(value: string): number {
  const [whole, hours = 0, rest = 0] = /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?$/.exec(value) ?? []
  return whole ? Number(hours) * 60 + Number(rest) : Number.NaN
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

const optimizePeriod: TextFormat = {
  pattern: /^(?:2[4-9]|[3-6]\d|7[0-2])h$/,
  rule: "must be '24h' to '72h'",
}

const localTime: TextFormat = {
  pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$|^(?:0[1-9]|1[0-2]):[0-5]\d[ap]m$/i,
  rule: "must be a time of day, '16:00' or '04:00PM'",
}

function checkRecipientVariables(value: RecipientVariables, path: string): void {
  // The keys before the values: of a million, V8 counts them in a quarter of the time.
  if (Object.keys(value).length > maxRecipients) {
    throw new InvalidOptionError(
      path,
      `must name at most ${maxRecipients} recipients; send the rest in another message`,
    )
  }
  const wrong = Object.values(value).findIndex((variables) => !isPlainObject(variables))
  if (wrong >= 0) {
    throw new InvalidOptionError(`${path}[${wrong}]`, 'must be a plain object of variables')
  }
}

/**
 * Every option and how it travels. Building, parsing, merging and the documentation walk this table.
 *
 * @see https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp
 */
export const registry: {
  readonly [Name in keyof MailgunOptions]-?: HeaderRow<NonNullable<MailgunOptions[Name]>>
} = {
  tags: { header: 'X-Mailgun-Tag', httpParameter: 'o:tag', codec: texts(tag), merge: unite },
  dkim: { header: 'X-Mailgun-Dkim', httpParameter: 'o:dkim', codec: yesNo },
  secondaryDkim: {
    header: 'X-Mailgun-Secondary-DKIM',
    httpParameter: 'o:secondary-dkim',
    codec: text(dkimKey),
  },
  secondaryDkimPublic: {
    header: 'X-Mailgun-Secondary-DKIM-Public',
    httpParameter: 'o:secondary-dkim-public',
    codec: text(dkimKey),
  },
  deliverBy: { header: 'X-Mailgun-Deliver-By', httpParameter: 'o:deliverytime', codec: dateTime },
  deliverWithin: {
    header: 'X-Mailgun-Deliver-Within',
    httpParameter: 'o:deliver-within',
    codec: text<HoursAndMinutes>(deliverWithin),
  },
  dropMessage: {
    header: 'X-Mailgun-Drop-Message',
    httpParameter: 'o:testmode',
    codec: yesOrAbsent,
  },
  track: { header: 'X-Mailgun-Track', httpParameter: 'o:tracking', codec: yesNo },
  trackClicks: {
    header: 'X-Mailgun-Track-Clicks',
    httpParameter: 'o:tracking-clicks',
    codec: yesNoOrHtmlOnly,
  },
  trackOpens: {
    header: 'X-Mailgun-Track-Opens',
    httpParameter: 'o:tracking-opens',
    codec: yesNo,
  },
  trackPixelLocationTop: {
    header: 'X-Mailgun-Track-Pixel-Location-Top',
    httpParameter: 'o:tracking-pixel-location-top',
    codec: yesNo,
  },
  requireTls: { header: 'X-Mailgun-Require-TLS', httpParameter: 'o:require-tls', codec: yesNo },
  skipVerification: {
    header: 'X-Mailgun-Skip-Verification',
    httpParameter: 'o:skip-verification',
    codec: yesNo,
  },
  sendingIp: {
    header: 'X-Mailgun-Sending-Ip',
    httpParameter: 'o:sending-ip',
    codec: text(ipAddress),
  },
  sendingIpPool: {
    header: 'X-Mailgun-Sending-Ip-Pool',
    httpParameter: 'o:sending-ip-pool',
    codec: text(),
  },
  recipientVariables: {
    header: 'X-Mailgun-Recipient-Variables',
    httpParameter: 'recipient-variables',
    codec: jsonObject<RecipientVariables>(checkRecipientVariables, entryPath),
    merge: mergeEntries,
  },
  variables: {
    header: 'X-Mailgun-Variables',
    httpParameter: 'v:',
    codec: mergedJsonObject(),
    merge: mergeKeys,
  },
  templateName: { header: 'X-Mailgun-Template-Name', httpParameter: 'template', codec: text() },
  templateVersion: {
    header: 'X-Mailgun-Template-Version',
    httpParameter: 't:version',
    codec: text(),
  },
  templateVariables: {
    header: 'X-Mailgun-Template-Variables',
    httpParameter: 't:variables',
    codec: jsonObject(),
    merge: mergeKeys,
  },
  deliveryTimeOptimizePeriod: {
    header: 'X-Mailgun-Delivery-Time-Optimize-Period',
    httpParameter: 'o:deliverytime-optimize-period',
    codec: text<Hours>(optimizePeriod),
  },
  timeZoneLocalize: {
    header: 'X-Mailgun-Time-Zone-Localize',
    httpParameter: 'o:time-zone-localize',
    codec: text(localTime, (value) => value.toUpperCase()),
  },
  archiveTo: {
    header: 'X-Mailgun-Archive-To',
    httpParameter: 'o:archive-to',
    codec: text(httpUrl),
  },
  suppressHeaders: {
    header: 'X-Mailgun-Suppress-Headers',
    httpParameter: 'o:suppress-headers',
    codec: headerNames,
  },
}
