import { dkimRecord, isHostName } from '../dkim/dkim-key.ts'
import type { Message } from '../mail/message.ts'
import type { Submission } from '../mail/message.ts'
import { version } from '../package.ts'
import type {
  EmulatorSummary,
  MessageDetail,
  MessageList,
  SubmissionDetail,
  SubmissionList,
} from './answers.ts'
import { controlRoutes } from './control.ts'
import { htmlView, partView } from './mail-view.ts'
import { asset, page } from './page.ts'
import { json, noContent, plainText, refusal, type HttpReply } from './reply.ts'
import { root, route, type Route, type RouteRequest } from './route.ts'
import { trackingRoutes } from './tracking.ts'
import { describeMessage, describeSubmission, summarise, summariseMessage } from './summary.ts'
import { filterOf, noSuchState, stateOf, waitReply } from './wait.ts'

const routes: readonly Route[] = [
  route('GET', '/', page),
  route('GET', '/assets/{}', (_, name = '') => asset(name)),
  route('GET', '/ca.pem', ({ info }) => plainText(info.ca)),
  route('GET', `${root}/healthz`, () => json({ status: 'ok' })),
  route('GET', `${root}/info`, ({ info }) => {
    const { host, port, securePort, httpUrl, domains, user } = info
    return json<EmulatorSummary>({
      version,
      host,
      port,
      securePort: securePort ?? null,
      httpUrl,
      domains,
      user,
    })
  }),

  route('GET', `${root}/dkim/{}`, (_, domain = '') =>
    isHostName(domain) ? json(dkimRecord(domain)) : refusal(404, 'There is no such domain.'),
  ),

  route('GET', `${root}/submissions`, ({ inbox }) =>
    json<SubmissionList>({ submissions: inbox.submissions.toReversed().map(summarise) }),
  ),
  route('DELETE', `${root}/submissions`, ({ inbox }) => {
    inbox.reset()
    return noContent
  }),
  route('GET', `${root}/submissions/{}`, (request, id) =>
    ofSubmission(request, id, (submission) =>
      json<SubmissionDetail>(describeSubmission(submission)),
    ),
  ),
  route('GET', `${root}/submissions/{}/raw`, (request, id) =>
    ofSubmission(request, id, ({ raw }) => plainText(raw)),
  ),

  route('GET', `${root}/wait`, waitReply),
  route('GET', `${root}/messages`, ({ inbox, query }) => {
    const state = stateOf(query, 'any')
    if (!state) return noSuchState
    const matching = inbox.find({ ...filterOf(query), state })
    return json<MessageList>({ messages: matching.toReversed().map(summariseMessage) })
  }),
  route('GET', `${root}/messages/{}`, (request, id) =>
    ofMessage(request, id, async (message) =>
      json<MessageDetail>(describeMessage(message, await message.load())),
    ),
  ),
  route('GET', `${root}/messages/{}/html`, (request, id) =>
    ofMessage(request, id, async (message) =>
      htmlView(message.id, await message.load(), {
        httpUrl: request.info.httpUrl,
        remoteImages: request.query.get('images') === 'remote',
      }),
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

  ...trackingRoutes,
  ...controlRoutes,
]

/** Answers a request that passed the guard. */
export async function answer(
  method: string,
  url: URL,
  request: Omit<RouteRequest, 'method' | 'query'>,
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
  return reply({ ...request, method, query: url.searchParams }, ...captured)
}

function ofSubmission(
  { inbox }: RouteRequest,
  id: string | undefined,
  show: (submission: Submission) => HttpReply,
): HttpReply {
  const submission = inbox.submission(id ?? '')
  return submission ? show(submission) : refusal(404, 'There is no such submission, or no longer.')
}

async function ofMessage(
  { inbox }: RouteRequest,
  id: string | undefined,
  show: (message: Message) => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  const message = inbox.message(id ?? '')
  return message ? show(message) : refusal(404, 'There is no such message, or no longer.')
}
