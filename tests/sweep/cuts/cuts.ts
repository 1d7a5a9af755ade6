import { createMailer } from '@mailgun-smtp/core'
import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { Relay, type Cut } from './relay.ts'
import { copiesOf, keepTo, openEmulator } from '../scene/scene.ts'
import { isLike, letter, settle, verdictOf, type Verdict } from '../scene/verdict.ts'
import type { Way } from '../scene/ways.ts'

/** What the server says in a whole session, and where in it a message is whole and is taken. */
interface Session {
  readonly bytes: number
  /** The byte after the greeting. */
  readonly greeted: number
  /** The first byte of the last reply: what is cut from here on, the message was handed over. */
  readonly handedOver: number
  /** The byte after the last reply. */
  readonly taken: number
}

/** A verdict, and how many connections it took. A pool tries a connection that says nothing again by itself. */
type CutVerdict = Verdict & { readonly connections: number }

/** How many relays there are at once. */
const lanes = 8

/** Ends a session after each byte of the replies, and lists the bytes where something else than the truth came of it. */
export async function untrueEnds(way: Way, how: 'end' | 'drop'): Promise<unknown[]> {
  await using emulator = await openForCuts(way)
  const session = await wholeSession(emulator, way)
  const cut = { how, connections: [1] }
  return await untrueCuts(
    session.bytes,
    (after) => sendThrough(emulator, way, { ...cut, after }),
    (after) => truthAt(after, session, how),
  )
}

/** Splits the replies at each byte, and lists the bytes where the session was no longer the same. */
export async function untrueSplits(way: Way): Promise<unknown[]> {
  await using emulator = await openForCuts(way)
  const { bytes } = await wholeSession(emulator, way)
  return await untrueCuts(
    bytes,
    (after) => sendThrough(emulator, way, { after, how: 'split' }),
    () => [accepted],
  )
}

async function openForCuts(way: Way): Promise<MailgunEmulator> {
  const emulator = await openEmulator(way)
  keepTo(way, emulator)
  return emulator
}

/** A session that nobody cuts. */
async function wholeSession(emulator: MailgunEmulator, way: Way): Promise<Session> {
  await using relay = await Relay.open(emulator)
  await using mailer = createMailer({ ...relay.config, pool: way.pool })
  await mailer.send(letter)
  const [said = ''] = relay.said
  const taken = said.indexOf('250 Great success\r\n') + '250 Great success\r\n'.length
  const handedOver = said.indexOf('354 ')
  return {
    bytes: said.length,
    greeted: said.indexOf('\n') + 1,
    handedOver: said.indexOf('\n', handedOver) + 1,
    taken,
  }
}

/** What comes of a message whose session is cut. */
async function sendThrough(emulator: MailgunEmulator, way: Way, cut: Cut): Promise<CutVerdict> {
  await using relay = await Relay.open(emulator, cut)
  await using mailer = createMailer({
    ...relay.config,
    pool: way.pool,
    retry: { times: 1, baseDelay: 1 },
  })
  const messageId = `<${cut.how}-${cut.after}@mg.example.com>`
  const settled = await settle(mailer.send({ ...letter, messageId }))
  return { ...verdictOf(settled, copiesOf(messageId, emulator)), connections: relay.said.length }
}

/** Cuts at each of the bytes, several sessions at once, and lists those where something else came of it. */
async function untrueCuts(
  bytes: number,
  run: (byte: number) => Promise<CutVerdict>,
  expected: (byte: number) => readonly Partial<CutVerdict>[],
): Promise<unknown[]> {
  const wrong: unknown[] = []
  const waiting = Array(bytes).keys()
  const lane = async (): Promise<void> => {
    for (const byte of waiting) {
      const verdict = await run(byte)
      const allowed = expected(byte)
      if (!allowed.some((one) => isLike(verdict, one))) wrong.push({ byte, verdict, allowed })
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return wrong
}

const accepted = { outcome: 'accepted', copies: 1, connections: 1 } as const
const afterRetry = { outcome: 'accepted', copies: 1, connections: 2 } as const
const unknown = { outcome: 'unknown', connections: 1 } as const

/** The true words for a first session that ends after so many bytes. */
function truthAt(
  byte: number,
  { greeted, handedOver, taken }: Session,
  how: Cut['how'],
): readonly Partial<CutVerdict>[] {
  // A pool of nodemailer's repeats by itself, once, what ended before the greeting: then it is the first attempt still.
  if (byte < greeted) return [afterRetry, accepted]
  if (byte < handedOver) return [afterRetry]
  if (byte >= taken) return how === 'end' ? [accepted] : [accepted, unknown]
  return [unknown]
}
