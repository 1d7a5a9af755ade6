import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { EmulatorInfo } from './emulator-info.ts'
import { refusal, type HttpReply } from './reply.ts'

/** The names under which a page on this machine reaches the emulator. */
const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Refuses what other sites could make a browser send: requests under a foreign name (DNS rebinding), from a foreign
 * page, and changes without the header that no foreign page can set.
 */
export function guard(
  request: IncomingMessage,
  info: Pick<EmulatorInfo, 'host' | 'names' | 'allowRemote'>,
): HttpReply | undefined {
  const { host = '', origin } = request.headers
  const name = hostOf(`http://${host}`)
  const isNamed = name !== undefined && info.names.includes(name)
  const isRemote = isNamed || (info.allowRemote && isOwnName(name, info.host))
  if (!isLoopback(name) && !isRemote) {
    const others = info.names.length === 0 ? '' : ` and ${info.names.join(', ')}`
    const allowed = info.allowRemote
      ? `addresses, names without a dot${others}`
      : `localhost, 127.0.0.1, [::1]${others}`
    return refusal(
      403,
      `The inbox does not answer under this name, but under ${allowed}. Start the emulator with --name NAME, or the option names, to add one.`,
    )
  }
  const isOwnPage = origin === undefined || isOwnOrigin(origin, host, { isNamed, isRemote, name })
  if (!isOwnPage && !isMailsOwn(request)) {
    return refusal(403, 'The inbox answers pages of this machine only.')
  }
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '')
  if (!isJson || request.headers['x-mailgun-emulator'] !== '1') {
    return refusal(
      403,
      'A change needs the headers Content-Type: application/json and X-Mailgun-Emulator: 1.',
    )
  }
  return undefined
}

function isOwnOrigin(
  origin: string,
  host: string,
  by: { readonly isNamed: boolean; readonly isRemote: boolean; readonly name: string | undefined },
): boolean {
  const asking = hostOf(origin)
  if (isLoopback(asking)) return true
  // Under a given name a proxy may speak HTTPS, on a port of its own.
  if (by.isNamed) return asking === by.name
  return by.isRemote && origin.toLowerCase() === `http://${host}`.toLowerCase()
}

/**
 * What mails themselves ask for. A mail in its sandboxed frame has no origin of its own, and Chromium says so when it
 * draws the mail's images. Tracked links and pixels are followed from any page that shows mail; their tokens prove that
 * the client has read the mail.
 */
function isMailsOwn({ method = '', url = '', headers }: IncomingMessage): boolean {
  const isPart = /^\/emulator\/v1\/messages\/[^/]{1,100}\/(?:part\/\d+|mime\/[\d.]+)$/.test(url)
  if (method === 'GET' && headers.origin === 'null' && isPart) return true
  return (method === 'GET' || method === 'HEAD') && /^\/[co]\/[\w-]+$/.test(url)
}

/** The host of an address, in lower case; undefined for a value that is not an address. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

function isLoopback(name: string | undefined): boolean {
  return name !== undefined && loopbackName.test(name)
}

/**
 * Whether other machines may use the name: not one that its owner elsewhere could point here, which is a name with a dot
 * other than the one that was set up.
 */
function isOwnName(name: string | undefined, host: string): boolean {
  if (name === undefined) return false
  const bare = name.replace(/^\[|\]$/g, '')
  return isIP(bare) !== 0 || /^[a-z\d_-]+$/.test(bare) || bare === host.toLowerCase()
}
