/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. A key whose value is `undefined` is left out. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/**
 * Variables of each recipient, by plain address (no display name).
 * Mailgun puts them in place of `%recipient.name%`; nested values are not substituted.
 */
export interface RecipientVariables {
  readonly [address: string]: JsonObject
}

/** Hours: `'24h'`. */
export type Hours = `${number}h`

/** Hours, minutes or both: `'2h'`, `'30m'`, `'1h30m'`. */
export type HoursAndMinutes = Hours | `${number}m` | `${number}h${number}m`

/**
 * Mailgun's sending options of one message, each named as its `X-Mailgun-` header.
 *
 * `undefined` leaves an option to the next outer layer; `null` clears what that layer set.
 *
 * @see https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp
 */
export interface MailgunOptions {
  /** Tags to group statistics by: ASCII, at most 128 characters each, not case-sensitive. */
  readonly tags?: readonly string[] | null | undefined
  /** Whether Mailgun signs the message with DKIM. Default: the domain's setting. */
  readonly dkim?: boolean | null | undefined
  /** A second DKIM key to sign with: `'signing-domain/selector'`. Default: none. */
  readonly secondaryDkim?: string | null | undefined
  /** The domain and selector that the second signature shows: `'public-domain/selector'`. Needs `secondaryDkim`. */
  readonly secondaryDkimPublic?: string | null | undefined
  /** When to deliver: a `Date`, or an RFC 3339 date-time with its offset. At most 3 or 7 days ahead, depending on your plan. Default: at once. */
  readonly deliverBy?: Date | string | null | undefined
  /** How long Mailgun may take to deliver, 5m to 24h. The time starts at `deliverBy` if that is set. */
  readonly deliverWithin?: HoursAndMinutes | null | undefined
  /** Test mode: with `true`, Mailgun accepts, logs and charges for the message, but does not deliver it. With `false`, no header is written. */
  readonly dropMessage?: boolean | null | undefined
  /** Whether to track opens and clicks. Default: the domain's setting. */
  readonly track?: boolean | null | undefined
  /** Whether to track clicks; `'htmlonly'` leaves the links in the plain text as they are. Default: the domain's setting. */
  readonly trackClicks?: boolean | 'htmlonly' | null | undefined
  /** Whether to track opens, with a pixel in the HTML. Default: the domain's setting. */
  readonly trackOpens?: boolean | null | undefined
  /** Whether the tracking pixel is at the top of the HTML. Default: at the end. */
  readonly trackPixelLocationTop?: boolean | null | undefined
  /** Whether the connection from Mailgun to the recipient's server must use TLS. The config's `requireTLS` is about the connection to Mailgun. Default: `false`. */
  readonly requireTls?: boolean | null | undefined
  /** Whether Mailgun skips the certificate check of the recipient's server. Default: `false`. */
  readonly skipVerification?: boolean | null | undefined
  /** The IP address of the account to send from. */
  readonly sendingIp?: string | null | undefined
  /** The id of the IP pool to send from. */
  readonly sendingIpPool?: string | null | undefined
  /** Variables of each recipient, by address. With them, every recipient gets their own copy. At most 1,000 recipients for each message. */
  readonly recipientVariables?: RecipientVariables | null | undefined
  /** Data that Mailgun returns in events and webhooks. Recipients can read it in the headers. */
  readonly variables?: JsonObject | null | undefined
  /** The name of a template stored at Mailgun. The message needs an HTML part for it. */
  readonly templateName?: string | null | undefined
  /** The version tag of the template. Needs `templateName`. */
  readonly templateVersion?: string | null | undefined
  /** Variables for the template. Recipients cannot read them. */
  readonly templateVariables?: JsonObject | null | undefined
  /** Send-time optimisation: how long Mailgun may wait for each recipient's best hour, 24h to 72h. */
  readonly deliveryTimeOptimizePeriod?: Hours | null | undefined
  /** The recipient's local time to deliver at: `'16:00'` or `'04:00PM'`. */
  readonly timeZoneLocalize?: string | null | undefined
  /** An http or https URL to which Mailgun sends a copy of each delivered message. Mailgun bills the copy as a delivered message. */
  readonly archiveTo?: string | null | undefined
  /** The `X-Mailgun-` headers to strip from the delivered message, or `'all'`. */
  readonly suppressHeaders?: readonly string[] | 'all' | null | undefined
}

/** The name of an option. */
export type MailgunOptionName = keyof MailgunOptions
