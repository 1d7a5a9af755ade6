import { htmlTags, linkOf, writtenLinks } from '@mailgun-smtp/core/matchers'
import type { Evidence } from '../evidence.ts'
import type { Tracking } from './tracking.ts'

interface LinkFate {
  readonly link: RegExp
  readonly isTracked: boolean
  readonly evidence: Evidence
  readonly source: string
}

/** What happens to a link if clicks are tracked. The first row that fits counts. */
const linkFates: readonly LinkFate[] = [
  {
    link: /^https?:\/\//i,
    isTracked: true,
    evidence: 'documented',
    source: 'manual, "Tracking clicks"; delivered mail: http://email.<domain>/c/<token>',
  },
  {
    link: /^%\w*unsubscribe_(?:url|email)%/,
    isTracked: false,
    evidence: 'observed',
    source: 'delivered mail: an address of its own, http://email.<domain>/u/<token>',
  },
  {
    link: /^(?:mailto|tel|sms):/i,
    isTracked: false,
    evidence: 'inferred',
    source: 'they open no web page that a redirect could lead to',
  },
  {
    link: /^#/,
    isTracked: false,
    evidence: 'inferred',
    source: 'a place in the mail itself',
  },
  {
    link: /^/,
    isTracked: false,
    evidence: 'unknown',
    source: 'relative addresses and other schemes: no source tells, and a redirect is for the web',
  },
]

/** A part of the content that changes if clicks are tracked. */
export interface LinkEdit {
  readonly start: number
  readonly end: number
  /** What the tracked address takes the place of; undefined where something is only taken out. */
  readonly link?: string
}

/** The links of HTML: those of `<a href>`; that others such as `<area>` are not tracked is inferred. */
export function* linksOfHtml(html: string): Generator<LinkEdit> {
  for (const { name, attributes } of htmlTags(html, linkAttributes)) {
    if (name !== 'a') continue
    const exempt = attributes.get('disable-tracking')
    const href = attributes.get('href')
    if (exempt?.value.toLowerCase() === 'true') {
      yield { start: exempt.start, end: exempt.end }
    } else if (href) {
      const link = linkOf(href.value)
      const { valueStart: start } = href
      if (isTracked(link)) yield { start, end: start + href.value.length, link }
    }
  }
}

const linkAttributes = new Set(['href', 'disable-tracking'])

/** The links written in a plain text. */
export function* linksOfText(text: string): Generator<LinkEdit> {
  for (const { start, link } of writtenLinks(text)) {
    if (isTracked(link)) yield { start, end: start + link.length, link }
  }
}

function isTracked(link: string): boolean {
  const fate = linkFates.find((row) => row.link.test(link))
  return fate?.isTracked === true && URL.canParse(link)
}

/** As in delivered mail, where it is before `</body>`. */
export function pixelImage(address: string): string {
  return `<img width="1px" height="1px" alt="" src="${address}">`
}

/** Tags that the pixel comes after, or before: the first of them that is there counts. */
const besidePixel = {
  top: ['body', '/head', 'html', '!doctype'],
  bottom: ['/body', '/html'],
} as const

/** Where in the HTML the pixel is put. */
export function pixelPlace(html: string, pixel: NonNullable<Tracking['pixel']>): number {
  const names: readonly string[] = besidePixel[pixel]
  const places = new Map<string, number>()
  for (const { name, start, end } of htmlTags(html)) {
    if (!names.includes(name)) continue
    if (pixel === 'bottom') places.set(name, start)
    else if (!places.has(name)) places.set(name, end)
  }
  const found = names.find((name) => places.has(name))
  return places.get(found ?? '') ?? (pixel === 'top' ? 0 : html.length)
}
