import { once } from 'node:events'
import { Agent, get, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Controller, Get, Inject, Param, type INestApplication } from '@nestjs/common'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import { defer, type Observable } from 'rxjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MailgunModule, MailgunOptions, MailgunService } from '../../src/index.ts'
import { message } from '../scene/sent-mail.ts'

const optionsOf = (id: string): MailgunOptions => ({ tags: [`tag-${id}`], variables: { [id]: id } })

@Controller()
class Orders {
  readonly #mail: MailgunService

  constructor(@Inject(MailgunService) mail: MailgunService) {
    this.#mail = mail
  }

  @MailgunOptions(optionsOf)
  @Get('promise/:id')
  promise(@Param('id') id: string): Promise<string> {
    return this.#send(id)
  }

  @Get('observable/:id')
  @MailgunOptions(optionsOf)
  observable(@Param('id') id: string): Observable<string> {
    return defer(() => this.#send(id))
  }

  @Get('plain/:id')
  plain(@Param('id') id: string): Promise<string> {
    return this.#send(id)
  }

  // Requests that came later may be done earlier.
  async #send(id: string): Promise<string> {
    for (let turns = (Number(id) * 7) % 11; turns > 0; turns--) await turn()
    await this.#mail.send({ ...message, subject: id })
    return id
  }
}

const adapters: readonly (() => AbstractHttpAdapter)[] = [
  () => new ExpressAdapter(),
  () => new FastifyAdapter(),
]

const apps: INestApplication[] = []
// As many at once as a server accepts before it resets connections.
const agent = new Agent({ keepAlive: true, maxSockets: 100 })
let emulator: MailgunEmulator

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  for (const adapter of adapters) {
    const testing = await Test.createTestingModule({
      // A pool's connections outlive the request that opened them.
      imports: [MailgunModule.forRoot({ ...emulator.transport, pool: true, logger: false })],
      controllers: [Orders],
    }).compile()
    const app = testing.createNestApplication(adapter(), { forceCloseConnections: true })
    const server = (await app.listen(0, '127.0.0.1')) as Server
    // On a busy machine an idle connection would be closed as the client takes it again.
    server.keepAliveTimeout = 0
    apps.push(app)
  }
})
afterAll(async () => {
  agent.destroy()
  await Promise.all(apps.map((app) => app.close()))
  await emulator.close()
})

async function ask(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  return text(response)
}

it('1,000 interleaved requests never mix their options, on Express and Fastify at once', async () => {
  const urls = await Promise.all(apps.map((app) => app.getUrl()))
  const routes = ['promise', 'observable', 'plain'] as const
  const requests = Array.from({ length: 1000 }, (_, n) => ({
    id: String(n),
    route: routes[n % 3] ?? 'plain',
    url: urls[n % 2] ?? '',
  }))

  const answers = await Promise.all(
    requests.map(({ id, route, url }) => ask(`${url}/${route}/${id}`)),
  )

  expect(answers).toEqual(requests.map(({ id }) => id))
  const sent = new Map(emulator.submissions.map((mail) => [mail.subject, mail.options]))
  expect(sent).toEqual(
    new Map(requests.map(({ id, route }) => [id, route === 'plain' ? {} : optionsOf(id)])),
  )
  expect(emulator.submissions).toHaveLength(1000)
}, 120_000)
