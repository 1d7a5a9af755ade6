import { EventEmitter, once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import { ExternalContextCreator } from '@nestjs/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MailgunOptions, withMailgunOptions } from '../../src/index.ts'
import { SentMail, startApp, type StartedApp } from '../scene/sent-mail.ts'

@MailgunOptions({ tags: ['base'], variables: { from: 'base' } })
@Injectable()
class Mails {
  readonly sent: SentMail

  constructor(@Inject(SentMail) sent: SentMail) {
    this.sent = sent
  }

  welcome(): Promise<MailgunOptions> {
    return this.sent.options()
  }
}

@Injectable()
class OverridingMails extends Mails {
  override welcome(): Promise<MailgunOptions> {
    return this.sent.options()
  }

  @MailgunOptions({ variables: { by: 'added' } })
  added(): Promise<MailgunOptions> {
    return this.sent.options()
  }
}

/** Nothing but its instance tells the container of this class. */
class FactoryMails extends Mails {
  override async welcome(): Promise<MailgunOptions> {
    await turn()
    return this.sent.options()
  }
}

@Injectable()
class Warmup implements OnModuleInit {
  readonly #sent: SentMail
  found: MailgunOptions | undefined

  constructor(@Inject(SentMail) sent: SentMail) {
    this.#sent = sent
  }

  @MailgunOptions({ tags: ['hook'] })
  async onModuleInit(): Promise<void> {
    this.found = await this.#sent.options()
  }
}

@Injectable()
class Orders {
  readonly #sent: SentMail
  readonly #events = new EventEmitter()

  constructor(@Inject(SentMail) sent: SentMail) {
    this.#sent = sent
    this.#events.on('placed', () => {
      this.#sent.tags().then(
        (tags) => this.#events.emit('mailed', tags),
        (error: unknown) => this.#events.emit('error', error),
      )
    })
  }

  @MailgunOptions({ tags: ['order'] })
  async place(): Promise<unknown> {
    const mailed = once(this.#events, 'mailed')
    this.#events.emit('placed')
    return (await mailed)[0] as unknown
  }

  @MailgunOptions({ tags: ['forgotten'] })
  forget(): { mailed: Promise<readonly string[]> } {
    return { mailed: new Promise((resolve) => setImmediate(() => resolve(this.#sent.tags()))) }
  }
}

describe('a provider', () => {
  let started: StartedApp

  beforeAll(async () => {
    started = await startApp({
      providers: [
        Mails,
        OverridingMails,
        Warmup,
        Orders,
        {
          provide: 'FactoryMails',
          inject: [SentMail],
          useFactory: (sent: SentMail) => new FactoryMails(sent),
        },
      ],
    })
  })
  afterAll(() => started.close())

  it('sends with the options of its class', async () => {
    expect(await started.app.get(Mails).welcome()).toEqual({
      tags: ['base'],
      variables: { from: 'base' },
    })
  })

  it("sends with its base class's options also from a method it overrides or adds", async () => {
    const mails = started.app.get(OverridingMails)

    expect(await mails.welcome()).toEqual({ tags: ['base'], variables: { from: 'base' } })
    expect(await mails.added()).toEqual({
      tags: ['base'],
      variables: { from: 'base', by: 'added' },
    })
  })

  it('does so too when a factory made it', async () => {
    const mails = started.app.get<FactoryMails>('FactoryMails')

    expect(await mails.welcome()).toMatchObject({ tags: ['base'] })
  })

  it('sends with its options from a lifecycle hook', () => {
    expect(started.app.get(Warmup).found).toEqual({ tags: ['hook'] })
  })

  it('gives its options to listeners of the events it emits, and to what it leaves running', async () => {
    const orders = started.app.get(Orders)

    expect(await orders.place()).toEqual(['order'])
    expect(await orders.forget().mailed).toEqual(['forgotten'])
  })

  it('sends with its options when another transport calls it, as GraphQL does', async () => {
    const mails = started.app.get(OverridingMails)
    const call = started.app
      .get(ExternalContextCreator, { strict: false })
      .create(mails, mails.added.bind(mails), 'added')

    expect(await call()).toMatchObject({ tags: ['base'], variables: { by: 'added' } })
  })

  it('works inside a scope opened by hand', async () => {
    const found = await withMailgunOptions({ tags: ['guard'], track: false }, () =>
      started.app.get(Mails).welcome(),
    )

    expect(found).toEqual({ tags: ['guard', 'base'], track: false, variables: { from: 'base' } })
  })
})
