import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Inbox } from '../inbox/inbox.ts'
import { answer } from './api.ts'
import { readBody } from './body.ts'
import type { EmulatorControl } from './route.ts'
import type { EmulatorInfo } from './emulator-info.ts'
import { streamEvents } from './event-stream.ts'
import { guard } from './guard.ts'
import { refusal, safeHeaders, type HttpReply } from './reply.ts'

/** The inbox page and the JSON API. */
export class HttpServer {
  readonly #inbox: Inbox
  readonly #info: EmulatorInfo
  readonly #control: EmulatorControl
  readonly #server: Server
  #url = ''

  constructor(inbox: Inbox, info: EmulatorInfo, control: EmulatorControl) {
    this.#inbox = inbox
    this.#info = info
    this.#control = control
    this.#server = createServer((request, response) => void this.#handle(request, response))
  }

  get url(): string {
    return this.#url
  }

  /** Listens; 0 is any free port. */
  async listen(host: string, port: number): Promise<void> {
    this.#server.listen({ host, port })
    await once(this.#server, 'listening')
    this.#url = `http://${urlHost(this.#info.host)}:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.#reply(request, response)
      if (reply) send(request, response, reply)
    } catch {
      // The mail cannot be decoded, and its text is left out of the answer; or the client has gone.
      send(request, response, refusal(500, 'This cannot be shown; its source can: see /raw.'))
    }
  }

  /** Undefined if the answer is a stream, or the client no longer waits for it. */
  async #reply(request: IncomingMessage, response: ServerResponse): Promise<HttpReply | undefined> {
    const refused = guard(request, this.#info)
    if (refused) {
      request.resume()
      return refused
    }
    const method = request.method ?? ''
    const url = new URL(
      URL.canParse(request.url ?? '', this.#url) ? (request.url ?? '') : '/',
      this.#url,
    )
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const read = await readBody(request)
    if ('refused' in read) return read.refused
    if (url.pathname === '/emulator/v1/stream' && method === 'GET') {
      streamEvents(this.#inbox, response)
      return undefined
    }
    const reply = await answer(method, url, {
      inbox: this.#inbox,
      info: { ...this.#info, httpUrl: this.#url },
      control: this.#control,
      body: read.body,
      signal: gone.signal,
    })
    return gone.signal.aborted ? undefined : reply
  }
}

/** An address, as in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function send(request: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
  if (response.destroyed) return
  const length = String(Buffer.byteLength(reply.body))
  response.writeHead(reply.status, { ...safeHeaders, 'content-length': length, ...reply.headers })
  response.end(request.method === 'HEAD' ? undefined : reply.body)
}
