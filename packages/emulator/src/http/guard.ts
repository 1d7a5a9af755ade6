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
  info: Pick<EmulatorInfo, 'host' | 'allowRemote'>,
): HttpReply | undefined {
  const { host = '', origin } = request.headers
  const own = `http://${host}`
  const isRemote = info.allowRemote && isOwnName(own, info.host)
  if (!isLoopback(own) && !isRemote) {
    return info.allowRemote
      ? refusal(403, "The inbox answers under addresses, names without a dot and its host's name.")
      : refusal(403, 'The inbox answers under localhost, 127.0.0.1 and [::1] only.')
  }
  const isOwnPage =
    origin === undefined ||
    isLoopback(origin) ||
    (isRemote && origin.toLowerCase() === own.toLowerCase())
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

/**
 * What mails themselves ask for. A mail in its sandboxed frame has no origin of its own, and Chromium says so when it
 * draws the mail's images. Tracked links and pixels are followed from any page that shows mail; their tokens prove that
 * the client has read the mail.
 */
function isMailsOwn({ method = '', url = '', headers }: IncomingMessage): boolean {
  const isPart = /^\/emulator\/v1\/messages\/[^/]+\/part\/\d+$/.test(url)
  if (method === 'GET' && headers.origin === 'null' && isPart) return true
  return (method === 'GET' || method === 'HEAD') && /^\/[co]\/[\w-]+$/.test(url)
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && loopbackName.test(new URL(url).hostname)
}

/**
 * Whether other machines may use the name: not one that its owner elsewhere could point here, which is a name with a dot
 * other than the one that was set up.
 */
function isOwnName(url: string, host: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) !== 0 || /^[a-z\d_-]+$/.test(bare) || bare === host.toLowerCase()
}
