import { refusal, type HttpReply } from './reply.ts'
import { route, type Route, type RouteRequest } from './route.ts'

/** What tracked links and pixels ask for. HEAD, by which programs look at links, is neither a click nor an open. */
export const trackingRoutes: readonly Route[] = [
  route('GET', '/c/{}', click),
  route('GET', '/o/{}', open),
]

function click({ inbox, method }: RouteRequest, token = ''): HttpReply {
  const tracked = inbox.tracked('c', token)
  const url = tracked?.copy.urlAt(tracked.link)
  if (!tracked || url === undefined) return noSuchAddress
  if (method === 'GET') inbox.note(tracked.copy, { url: url, link: tracked.link })
  return { status: 302, headers: { location: asHeader(url) }, body: '' }
}

function open({ inbox, method }: RouteRequest, token = ''): HttpReply {
  const tracked = inbox.tracked('o', token)
  if (!tracked) return noSuchAddress
  if (method === 'GET') inbox.note(tracked.copy, {})
  const headers = {
    'content-type': 'image/gif',
    // Mail is shown by pages of other origins, and by pages that have none.
    'cross-origin-resource-policy': 'cross-origin',
  }
  return { status: 200, headers, body: transparentPixel }
}

const noSuchAddress = refusal(404, 'No mail that the emulator still keeps has this address.')

/** One transparent dot: GIF89a. */
const transparentPixel = Buffer.from(
  'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  'base64',
)

/** A link of the web as it was sent; what a header cannot hold is escaped as browsers do. */
function asHeader(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href
}
