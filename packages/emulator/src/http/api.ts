import { differences } from '../inbox/message-filter.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Message } from '../mail/message.ts'
import type { Submission } from '../mail/submission.ts'
import { version } from '../version.ts'
import { htmlView, partView } from './mail-view.ts'
import { asset, page } from './page.ts'
import { json, plainText, refusal, type HttpReply } from './reply.ts'
import { describeMessage, describeSubmission, summarise, summariseMessage } from './summary.ts'

/** What an emulator tells of itself; no password. */
export interface EmulatorInfo {
  readonly host: string
  readonly port: number
  readonly securePort: number | undefined
  readonly domains: readonly string[]
  readonly user: string
  readonly ca: string
}

interface Request {
  readonly inbox: Inbox
  readonly info: EmulatorInfo & { readonly httpUrl: string }
  readonly query: URLSearchParams
}

type Route = readonly [
  method: 'GET' | 'DELETE',
  path: RegExp,
  reply: (request: Request, ...captured: string[]) => HttpReply | Promise<HttpReply>,
]

const root = '/emulator/v1'

function route(method: Route[0], path: string, reply: Route[2]): Route {
  return [method, new RegExp(`^${path.replaceAll('{}', '([^/]+)')}$`), reply]
}

const routes: readonly Route[] = [
  route('GET', '/', page),
  route('GET', '/assets/{}', (_, name = '') => asset(name)),
  route('GET', '/ca.pem', ({ info }) => plainText(info.ca)),
  route('GET', `${root}/healthz`, () => json({ status: 'ok' })),
  route('GET', `${root}/info`, ({ info }) => {
    const { host, port, securePort, httpUrl, domains, user } = info
    return json({ version, host, port, securePort: securePort ?? null, httpUrl, domains, user })
  }),

  route('GET', `${root}/submissions`, ({ inbox }) =>
    json({ submissions: inbox.submissions.toReversed().map(summarise) }),
  ),
  route('DELETE', `${root}/submissions`, ({ inbox }) => {
    inbox.reset()
    return { status: 204, headers: {}, body: '' }
  }),
  route('GET', `${root}/submissions/{}`, (request, id) =>
    ofSubmission(request, id, (submission) => json(describeSubmission(submission))),
  ),
  route('GET', `${root}/submissions/{}/raw`, (request, id) =>
    ofSubmission(request, id, ({ raw }) => plainText(raw)),
  ),

  route('GET', `${root}/messages`, ({ inbox, query }) => {
    const filter = Object.fromEntries(
      ['to', 'tag', 'subject', 'messageId'].map((name) => [name, query.get(name) ?? undefined]),
    )
    const matching = inbox.messages.filter((message) => differences(message, filter).length === 0)
    return json({ messages: matching.toReversed().map(summariseMessage) })
  }),
  route('GET', `${root}/messages/{}`, (request, id) =>
    ofMessage(request, id, async (message) => json(describeMessage(message, await message.load()))),
  ),
  route('GET', `${root}/messages/{}/html`, (request, id) =>
    ofMessage(request, id, async (message) =>
      htmlView(message.id, await message.load(), request.query.get('images') === 'remote'),
    ),
  ),
  route('GET', `${root}/messages/{}/text`, (request, id) =>
    ofMessage(request, id, async (message) => plainText((await message.load()).text)),
  ),
  route('GET', `${root}/messages/{}/raw`, (request, id) =>
    ofMessage(request, id, ({ raw }) => plainText(raw)),
  ),
  route('GET', `${root}/messages/{}/part/{}`, (request, id, n = '') =>
    ofMessage(request, id, async (message) => {
      const attachment = /^\d+$/.test(n) ? (await message.load()).attachments[Number(n)] : undefined
      return attachment ? partView(attachment) : refusal(404, 'The message has no such part.')
    }),
  ),
]

/** Answers a request that passed the guard. */
export async function answer(
  method: string,
  url: URL,
  inbox: Inbox,
  info: Request['info'],
): Promise<HttpReply> {
  const asked = method === 'HEAD' ? 'GET' : method
  const matching = routes.filter(([, path]) => path.test(url.pathname))
  const found = matching.find(([own]) => own === asked)
  if (!found) {
    return matching.length > 0
      ? refusal(405, 'The inbox has no such method here.')
      : refusal(404, 'There is no such address.')
  }
  const [, path, reply] = found
  const captured = path.exec(url.pathname)?.slice(1) ?? []
  return reply({ inbox, info, query: url.searchParams }, ...captured)
}

function ofSubmission(
  { inbox }: Request,
  id: string | undefined,
  show: (submission: Submission) => HttpReply,
): HttpReply {
  const submission = inbox.submission(id ?? '')
  return submission ? show(submission) : refusal(404, 'There is no such submission, or no longer.')
}

async function ofMessage(
  { inbox }: Request,
  id: string | undefined,
  show: (message: Message) => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  const message = inbox.message(id ?? '')
  return message ? show(message) : refusal(404, 'There is no such message, or no longer.')
}
