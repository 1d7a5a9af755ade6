import { setImmediate } from 'node:timers/promises'
import type { Copy } from '../mail/message.ts'
import type { CopyDetail, CopyList, MimePartSummary } from './answers.ts'
import { htmlView, mailFile, partView } from './mail-view.ts'
import { describePart, findPart, innerView, partFile, treeOf } from './mime-view.ts'
import { filterNames, filterOf, pageNames, pageOf } from './query.ts'
import { json, plainText, refusal, type HttpReply } from './reply.ts'
import { root, route, type Route, type RouteRequest } from './route.ts'
import { describeCopy, summariseCopy } from './summary.ts'
import { waitNames, waitReply } from './wait.ts'

const images = ['images'] as const
const noSuchPart = refusal(404, 'The message has no such part.')

/** What recipients read: every copy, its content and its parts. */
export const copyRoutes: readonly Route[] = [
  route('GET', `${root}/wait`, waitReply, waitNames),
  route(
    'GET',
    `${root}/messages`,
    ({ inbox, query }) => {
      const found = inbox.find(filterOf(query, 'any')).toReversed()
      const { items, next } = pageOf(found, query)
      return json<CopyList>({ messages: items.map(summariseCopy), next, matching: found.length })
    },
    [...filterNames, ...pageNames],
  ),
  route('GET', `${root}/messages/{}`, (request, id) =>
    ofCopy(request, id, async (copy) => {
      const content = await copy.load()
      // To decode a large mail, to sign it and to write it are three turns, between which others have theirs.
      await setImmediate()
      void copy.headers
      await setImmediate()
      return json<CopyDetail>(describeCopy(copy, content))
    }),
  ),
  route(
    'GET',
    `${root}/messages/{}/html`,
    (request, id) =>
      ofCopy(request, id, async (copy) => htmlView(await copy.load(), settingsOf(request))),
    images,
  ),
  route('GET', `${root}/messages/{}/text`, (request, id) =>
    ofCopy(request, id, async (copy) => plainText((await copy.load()).text)),
  ),
  route('GET', `${root}/messages/{}/raw`, (request, id) =>
    ofCopy(request, id, ({ raw }) => plainText(raw)),
  ),
  route('GET', `${root}/messages/{}/eml`, (request, id) =>
    ofCopy(request, id, ({ subject, raw }) => mailFile(subject, raw)),
  ),
  route('GET', `${root}/messages/{}/part/{}`, (request, id, n = '') =>
    ofCopy(request, id, async (copy) => {
      const attachment = /^\d+$/.test(n) ? (await copy.load()).attachments[Number(n)] : undefined
      return attachment ? partView(attachment) : noSuchPart
    }),
  ),
  route('GET', `${root}/messages/{}/mime`, (request, id) =>
    ofCopy(request, id, (copy) => json<MimePartSummary>(describePart(treeOf(copy)))),
  ),
  route('GET', `${root}/messages/{}/mime/{}`, (request, id, section = '') =>
    ofCopy(request, id, (copy) => {
      const part = findPart(treeOf(copy), section)
      return part ? partFile(part) : noSuchPart
    }),
  ),
  route(
    'GET',
    `${root}/messages/{}/mime/{}/html`,
    (request, id, section = '') =>
      ofCopy(request, id, (copy) => {
        const part = findPart(treeOf(copy), section)
        return part ? innerView(part, settingsOf(request)) : noSuchPart
      }),
    images,
  ),
]

function settingsOf({ info, query }: RouteRequest): {
  readonly httpUrl: string
  readonly remoteImages: boolean
} {
  return { httpUrl: info.httpUrl, remoteImages: query.get('images') === 'remote' }
}

async function ofCopy(
  { inbox }: RouteRequest,
  id: string | undefined,
  show: (copy: Copy) => HttpReply | Promise<HttpReply>,
): Promise<HttpReply> {
  const copy = inbox.copy(id ?? '')
  return copy ? show(copy) : refusal(404, 'There is no such message, or no longer.')
}
