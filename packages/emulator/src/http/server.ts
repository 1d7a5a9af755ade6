import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Inbox } from '../inbox/inbox.ts'
import { answer, type EmulatorInfo } from './api.ts'
import { streamEvents } from './event-stream.ts'
import { guard } from './guard.ts'
import { refusal, safeHeaders, type HttpReply } from './reply.ts'

/** The inbox page and the JSON API. */
export class HttpServer {
  readonly #inbox: Inbox
  readonly #info: EmulatorInfo
  readonly #server: Server
  #url = ''

  constructor(inbox: Inbox, info: EmulatorInfo) {
    this.#inbox = inbox
    this.#info = info
    this.#server = createServer((request, response) => void this.#handle(request, response))
  }

  get url(): string {
    return this.#url
  }

  /** Listens; 0 is any free port. */
  async listen(port: number): Promise<void> {
    const { host } = this.#info
    this.#server.listen({ host, port })
    await once(this.#server, 'listening')
    this.#url = `http://${urlHost(host)}:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // No route reads a body.
    request.resume()
    const refused = guard(request)
    const url = new URL(
      URL.canParse(request.url ?? '', this.#url) ? (request.url ?? '') : '/',
      this.#url,
    )
    const isStream = url.pathname === '/emulator/v1/stream' && request.method === 'GET'
    if (!refused && isStream) return streamEvents(this.#inbox, response)
    try {
      const info = { ...this.#info, httpUrl: this.#url }
      send(
        request,
        response,
        refused ?? (await answer(request.method ?? '', url, this.#inbox, info)),
      )
    } catch {
      // The mail cannot be decoded. Its text stays out of the answer.
      send(request, response, refusal(500, 'This cannot be shown; its source can: see /raw.'))
    }
  }
}

/** An address as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function send(request: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  const length = String(Buffer.byteLength(reply.body))
  response.writeHead(reply.status, { ...safeHeaders, 'content-length': length, ...reply.headers })
  response.end(request.method === 'HEAD' ? undefined : reply.body)
}
