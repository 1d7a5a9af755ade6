/**
 * Whether the browser says that the form is this site's own. Next.js compares `Origin` with the host, but lets a
 * request without one pass, which no browser sends and every script can.
 */
export function fromOwnPage(headers: Headers): boolean {
  return (
    /^https?:\/\/[^/\s]+$/i.test(headers.get('origin') ?? '') ||
    headers.get('sec-fetch-site') === 'same-origin'
  )
}
