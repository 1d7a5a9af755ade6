import type { ReceivedSubmission } from '../mail/submission.ts'
import { SearchError } from '../search/query.ts'
import { searchIn } from '../search/search.ts'
import type { SubmissionDetail, SubmissionList } from './answers.ts'
import { mailFile } from './mail-view.ts'
import { pageNames, pageOf } from './query.ts'
import { json, noContent, plainText, refusal, type HttpReply } from './reply.ts'
import { root, route, type Route, type RouteRequest } from './route.ts'
import { describeSubmission, summarise } from './summary.ts'

/** What SMTP accepted: the list, its search, and each message as it came. */
export const submissionRoutes: readonly Route[] = [
  route('GET', `${root}/submissions`, list, ['q', ...pageNames]),
  route('DELETE', `${root}/submissions`, ({ inbox }) => {
    inbox.reset()
    return noContent
  }),
  route('GET', `${root}/submissions/{}`, (request, id) =>
    ofSubmission(request, id, (submission) =>
      json<SubmissionDetail>(describeSubmission(submission, request.inbox.isRead(submission.id))),
    ),
  ),
  route('PUT', `${root}/submissions/{}`, (request, id) =>
    ofSubmission(request, id, (submission) => {
      const { read, ...rest } = Object(request.body) as Record<string, unknown>
      if (typeof read !== 'boolean' || Object.keys(rest).length > 0) {
        return refusal(400, 'A submission takes { "read": true } or { "read": false }.')
      }
      request.inbox.markRead(submission, read)
      return noContent
    }),
  ),
  route('DELETE', `${root}/submissions/{}`, (request, id) =>
    ofSubmission(request, id, (submission) => {
      request.inbox.delete(submission.id)
      return noContent
    }),
  ),
  route('GET', `${root}/submissions/{}/raw`, (request, id) =>
    ofSubmission(request, id, ({ raw }) => plainText(raw)),
  ),
  route('GET', `${root}/submissions/{}/eml`, (request, id) =>
    ofSubmission(request, id, ({ subject, raw }) => mailFile(subject, raw)),
  ),
]

async function list({ inbox, query }: RouteRequest): Promise<HttpReply> {
  const isRead = (id: string): boolean => inbox.isRead(id)
  try {
    const newestFirst = inbox.submissions.toReversed()
    const found = await searchIn(newestFirst, query.get('q') ?? '', isRead)
    const { items, next } = pageOf(found, query)
    return json<SubmissionList>({
      submissions: items.map((submission) => summarise(submission, isRead(submission.id))),
      next,
      matching: found.length,
      total: newestFirst.length,
      unread: inbox.unread,
      forgotten: inbox.forgotten,
    })
  } catch (error) {
    if (error instanceof SearchError) return refusal(400, error.message)
    throw error
  }
}

function ofSubmission(
  { inbox }: RouteRequest,
  id: string | undefined,
  show: (submission: ReceivedSubmission) => HttpReply,
): HttpReply {
  const submission = inbox.submission(id ?? '')
  return submission ? show(submission) : refusal(404, 'There is no such submission, or no longer.')
}
