/** Where everything of the demo is: decided by the parent process, read by the apps. */
export interface Places {
  /** The front page, the order and the newsletter: the Express app. */
  readonly shop: string
  /** Sign up: the NestJS app. */
  readonly accounts: string
  /** Contact: the Next.js app. */
  readonly contact: string
  /** Where messages can be read. None when they leave through Mailgun. */
  readonly inbox?: string | undefined
  /** The SMTP server, for people: `127.0.0.1:2525`. */
  readonly smtp: string
  /** The sending domain: that of the SMTP login. */
  readonly domain: string
}

const variable = 'DEMO_PLACES'

/** The environment variable that carries the places to an app. */
export function placesVariable(places: Places): Record<string, string> {
  return { [variable]: JSON.stringify(places) }
}

/**
 * The places, as the parent process wrote them.
 *
 * @throws {Error} in a process that the demo did not start.
 */
export function readPlaces(environment: NodeJS.ProcessEnv = process.env): Places {
  const text = environment[variable]
  if (!text) throw new Error('The demo starts its apps itself: run npm start in the root folder.')
  return JSON.parse(text) as Places
}

/** An address to try the forms with. With real mail it does not exist: mail to example.com bounces. */
export function exampleAddress({ inbox }: Places): string {
  return inbox ? 'ada@example.com' : ''
}

/** The page of the inbox that shows a message, waiting for it if it has not arrived yet. */
export function inboxLink(inbox: string, messageId: string): string {
  return `${inbox}/#/message-id/${encodeURIComponent(messageId)}`
}
