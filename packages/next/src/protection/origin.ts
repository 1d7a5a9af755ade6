/**
 * Whether the browser says that a page of this site sent the request.
 *
 * Next.js compares `Origin` with the host for server actions only: not where a route handler calls the action, and not
 * for a request without `Origin`, which no browser sends and every script can.
 *
 * @param allowedOrigins Hosts of other sites whose pages may send it too, in the form of Next.js's
 *   `serverActions.allowedOrigins`: `*` means one label of a host, `**` one or more.
 */
export function fromOwnPage(headers: Headers, allowedOrigins: readonly string[] = []): boolean {
  const origin = originOf(headers)
  const site = headers.get('sec-fetch-site')
  if (origin) {
    if (allowedOrigins.some((pattern) => matches(origin.host, pattern))) return true
    return site !== 'cross-site' && origin.host === ownHost(headers, origin)
  }
  // A page with Referrer-Policy: no-referrer posts with the Origin null. So does a sandboxed frame, which is cross-site.
  const namesNone = (headers.get('origin') ?? 'null') === 'null'
  return namesNone && site === 'same-origin'
}

/** The longest `Origin` or host that is read: a host has 253 characters at most (RFC 1035 §2.3.4). */
const maxLength = 300

function originOf(headers: Headers): URL | undefined {
  const given = headers.get('origin') ?? ''
  if (given.length > maxLength || !/^https?:\/\/[^/\s]+$/i.test(given)) return undefined
  return URL.canParse(given) ? new URL(given) : undefined
}

/** The host that the visitor called, as Next.js reads it; written as a URL of the origin's protocol writes it. */
function ownHost(headers: Headers, { protocol }: URL): string | undefined {
  const forwarded = headers.get('x-forwarded-host')?.split(',', 1)[0]?.trim()
  const host = forwarded || headers.get('host')
  if (!host || host.length > maxLength || /[\s/?#@\\]/.test(host)) return undefined
  const url = `${protocol}//${host}`
  return URL.canParse(url) ? new URL(url).host : undefined
}

/** Whether a host is one of a pattern, label by label from its end. */
function matches(host: string, pattern: string): boolean {
  const labels = host.split('.').toReversed()
  const wanted = pattern.toLowerCase().split('.').toReversed()
  const rest = wanted.indexOf('**')
  // What begins with `**` takes any number of labels that are left.
  if (rest >= 0 && rest === wanted.length - 1) {
    return labels.length > rest && matchesEach(labels.slice(0, rest), wanted.slice(0, rest))
  }
  return labels.length === wanted.length && matchesEach(labels, wanted)
}

function matchesEach(labels: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((one, at) => one === '*' || one === labels[at])
}
