import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web server that stands in front of an inbox. */
export interface Proxy extends AsyncDisposable {
  readonly url: string
}

/**
 * Passes requests on to an inbox: below a path of its own, or as nginx does by default, which hands an answer on only
 * when it has all of it.
 */
export async function startProxy(
  inbox: string,
  settings: { readonly prefix?: string; readonly holdsStreams?: boolean },
): Promise<Proxy> {
  const { prefix = '', holdsStreams = false } = settings
  const server = createServer((asked, answer) => {
    const path = asked.url ?? ''
    if (!path.startsWith(prefix)) return void answer.writeHead(404).end()
    // Never the end of a stream, so never a word of it.
    if (holdsStreams && path.endsWith('/stream')) return
    pass(new URL(`${inbox}${path.slice(prefix.length)}`), asked, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function pass(url: URL, asked: IncomingMessage, answer: ServerResponse): void {
  const { method = 'GET', headers } = asked
  const passed = request(url, { method, headers: { ...headers, host: url.host } }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(answer)
    answer.on('close', () => response.destroy())
  })
  passed.on('error', () => answer.destroy())
  asked.pipe(passed)
}
