import { setImmediate as turn } from 'node:timers/promises'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Controller, Get, Inject, Param, type INestApplication } from '@nestjs/common'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import { defer, type Observable } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MailgunModule, MailgunOptions, MailgunService } from '../../src/index.ts'
import { message } from '../sent-mail.ts'

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

describe.each<[string, () => AbstractHttpAdapter]>([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('on %s', (_platform, adapter) => {
  let emulator: MailgunEmulator
  let app: INestApplication

  beforeAll(async () => {
    emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    const testing = await Test.createTestingModule({
      // A pool's connections outlive the request that opened them.
      imports: [MailgunModule.forRoot({ ...emulator.transport, pool: true, logger: false })],
      controllers: [Orders],
    }).compile()
    app = testing.createNestApplication(adapter(), { forceCloseConnections: true })
    await app.listen(0, '127.0.0.1')
  })
  afterAll(async () => {
    await app.close()
    await emulator.close()
  })

  it('1,000 interleaved requests never mix their options', async () => {
    const url = await app.getUrl()
    const routes = ['promise', 'observable', 'plain'] as const
    const requests = Array.from({ length: 1000 }, (_, n) => ({
      id: String(n),
      route: routes[n % 3] ?? 'plain',
    }))

    await Promise.all(
      requests.map(async ({ id, route }) => {
        const response = await fetch(`${url}/${route}/${id}`)
        expect(await response.text()).toBe(id)
      }),
    )

    const sent = new Map(emulator.submissions.map((mail) => [mail.subject, mail.options]))
    expect(sent).toEqual(
      new Map(requests.map(({ id, route }) => [id, route === 'plain' ? {} : optionsOf(id)])),
    )
    expect(emulator.submissions).toHaveLength(1000)
  })
})
