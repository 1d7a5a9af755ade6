import { dkimRecord, isHostName } from '../dkim/dkim-key.ts'
import { version } from '../package.ts'
import type { EmulatorSummary } from './answers.ts'
import { controlRoutes } from './control.ts'
import { copyRoutes } from './copies.ts'
import { asset, page } from './page.ts'
import { checkNames, QueryError } from './query.ts'
import { json, plainText, refusal, type HttpReply } from './reply.ts'
import { root, route, type Route, type RouteRequest } from './route.ts'
import { submissionRoutes } from './submissions.ts'
import { trackingRoutes } from './tracking.ts'

const routes: readonly Route[] = [
  route('GET', '/', page),
  route('GET', '/assets/{}', (_, name = '') => asset(name)),
  route('GET', '/ca.pem', ({ info }) => plainText(info.ca)),
  route('GET', `${root}/healthz`, () => json({ status: 'ok' })),
  route('GET', `${root}/info`, ({ info }) => {
    const { host, port, securePort = null, httpUrl, domains, user, directory = null, keeps } = info
    const places = { version, host, port, securePort, httpUrl }
    return json<EmulatorSummary>({ ...places, domains, user, directory, keeps })
  }),
  route('GET', `${root}/dkim/{}`, (_, domain = '') =>
    isHostName(domain) ? json(dkimRecord(domain)) : refusal(404, 'There is no such domain.'),
  ),
  ...submissionRoutes,
  ...copyRoutes,
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
  const matching = routes.filter(({ path }) => path.test(url.pathname))
  const found = matching.find((each) => each.method === asked)
  if (!found) {
    return matching.length > 0
      ? refusal(405, 'The inbox has no such method here.')
      : refusal(404, 'There is no such address.')
  }
  const captured = found.path.exec(url.pathname)?.slice(1) ?? []
  const query = url.searchParams
  try {
    if (url.pathname.startsWith(root)) checkNames(query, found.parameters)
    return await found.reply({ ...request, method, query }, ...captured)
  } catch (error) {
    if (error instanceof QueryError) return error.reply
    throw error
  }
}
