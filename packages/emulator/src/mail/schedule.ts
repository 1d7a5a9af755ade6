import type { MailgunOptions } from '@mailgun-smtp/core/headers'

/** What Mailgun has learnt about a recipient from earlier mail. */
export interface Engagement {
  /** The recipient's time zone, as an IANA name such as `Asia/Tokyo`. `timeZoneLocalize` uses it. Default: not known. */
  readonly timeZone?: string | undefined
  /** The hour at which the recipient reads mail, 0 to 23 in UTC. `deliveryTimeOptimizePeriod` uses it. Default: not known. */
  readonly hour?: number | undefined
}

/** When a copy is due, in milliseconds since 1970. */
export interface DeliveryTime {
  readonly at: number
  /** After this Mailgun tries no more. */
  readonly until?: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Whether a message may have to wait. */
export function asksForTime(options: MailgunOptions): boolean {
  const { deliverBy, deliveryTimeOptimizePeriod, timeZoneLocalize } = options
  return (deliverBy ?? deliveryTimeOptimizePeriod ?? timeZoneLocalize) != null
}

/**
 * When Mailgun delivers a message that came at `receivedAt`.
 *
 * - `deliverBy` in the past means at once (documented; a third party tells of a refusal by the HTTP API). Beyond the
 *   plan's 3 or 7 days is unknown: the time counts as given, and `deliver-by-over-7-days` tells of it.
 * - `timeZoneLocalize` and `deliveryTimeOptimizePeriod` without data on the recipient mean at once, or `deliverBy`
 *   (documented). Together with `deliverBy` they are unknown: they look for their hour from it on. Of both, the first wins.
 * - `deliverWithin` begins at the scheduled time (documented).
 */
export function deliveryTime(
  options: MailgunOptions,
  receivedAt: number,
  engagement: Engagement = {},
): DeliveryTime {
  const { deliverBy, deliverWithin, deliveryTimeOptimizePeriod, timeZoneLocalize } = options
  const start = Math.max(receivedAt, deliverBy == null ? receivedAt : Number(new Date(deliverBy)))
  const at =
    localised(start, timeZoneLocalize, engagement) ??
    optimised(start, deliveryTimeOptimizePeriod, engagement) ??
    start
  return deliverWithin == null ? { at } : { at, until: at + readWindow(deliverWithin) }
}

function localised(
  start: number,
  localTime: string | null | undefined,
  { timeZone }: Engagement,
): number | undefined {
  const match = /^(\d\d):(\d\d)([AP]M)?$/i.exec(localTime ?? '')
  if (!match || timeZone === undefined) return undefined
  const [, hours, minutes, half] = match
  const hour24 = half ? (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hours)
  return nextLocalTime(start, hour24 * hour + Number(minutes) * minute, timeZone)
}

/** The first moment from `start` on at which clocks of the zone show this time of day. */
function nextLocalTime(start: number, timeOfDay: number, timeZone: string): number {
  const today = Math.floor((start + offset(start, timeZone)) / day) * day
  const times = [today, today + day].map((date) => {
    const local = date + timeOfDay
    // The second look takes the offset of the time itself, should summer time begin or end before it.
    const near = local - offset(local, timeZone)
    return local - offset(near, timeZone)
  })
  return times.find((time) => time >= start) ?? start
}

/** What a zone's clocks are ahead of UTC at a moment. */
function offset(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment)
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  const [month, date] = [read('month') - 1, read('day')]
  const local = Date.UTC(read('year'), month, date, read('hour'), read('minute'), read('second'))
  return local - Math.floor(moment / 1_000) * 1_000
}

function optimised(
  start: number,
  period: string | null | undefined,
  engagement: Engagement,
): number | undefined {
  if (period == null || engagement.hour === undefined) return undefined
  const midnight = Math.floor(start / day) * day
  const today = midnight + engagement.hour * hour
  // The period is a day at least, so the next such hour always lies in it.
  return today >= start ? today : today + day
}

function readWindow(text: string): number {
  const [, hours = 0, minutes = 0] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(text) ?? []
  return Number(hours) * hour + Number(minutes) * minute
}
