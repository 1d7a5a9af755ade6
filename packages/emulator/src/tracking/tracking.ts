import type { MailgunOptions } from '@mailgun-smtp/core/headers'

/** What a domain tracks if the message does not say. */
export interface DomainTracking {
  /** Whether opens are tracked. Default: `false`. */
  readonly opens?: boolean | undefined
  /** Whether clicks are tracked. `'htmlonly'` leaves links in the plain text as they are. Default: `false`. */
  readonly clicks?: boolean | 'htmlonly' | undefined
  /** Whether the tracking pixel is at the start of the HTML instead of its end. Default: `false`. */
  readonly pixelTop?: boolean | undefined
}

/** What Mailgun tracks in a message: its own options count more than the domain's settings. */
export interface Tracking {
  /** Needs HTML: false in a message without. */
  readonly opens: boolean
  /** `'htmlonly'` leaves links in the plain text untouched. */
  readonly clicks: boolean | 'htmlonly'
  /** Where in the HTML the pixel is that reports opens. */
  readonly pixel?: 'top' | 'bottom'
}

/** Whether anything is. */
export function isTracked({ opens, clicks }: Tracking): boolean {
  return opens || clicks !== false
}

/**
 * Message over domain is documented. That `trackOpens` and `trackClicks` count more than `track` is unknown: the
 * narrower word wins here, and `tracking-contradiction` tells of it.
 */
export function decideTracking(
  options: MailgunOptions,
  domain: DomainTracking = {},
  hasHtml: () => boolean,
): Tracking {
  const wantsOpens = options.trackOpens ?? options.track ?? domain.opens ?? false
  const clicks = options.trackClicks ?? options.track ?? domain.clicks ?? false
  const opens = wantsOpens && hasHtml()
  if (!opens) return { opens, clicks }
  const isTop = options.trackPixelLocationTop ?? domain.pixelTop ?? false
  return { opens, clicks, pixel: isTop ? 'top' : 'bottom' }
}
