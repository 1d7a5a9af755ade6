import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import {
  Inject,
  Injectable,
  type ModuleMetadata,
  type NestApplicationOptions,
} from '@nestjs/common'
import { Test } from '@nestjs/testing'
import type { NestExpressApplication } from '@nestjs/platform-express'
import {
  MailgunModule,
  MailgunService,
  type MailgunMessage,
  type MailgunOptions,
} from '../../src/index.ts'

export const EMULATOR = Symbol('emulator')

export const message: MailgunMessage = {
  from: 'shop@mg.example.com',
  to: 'ada@example.com',
  subject: 'Your order',
  text: 'It is on its way.',
}

/** Sends a real mail from wherever it is called and returns the options that arrived with it. */
@Injectable()
export class SentMail {
  readonly #mail: MailgunService
  readonly #emulator: MailgunEmulator

  constructor(
    @Inject(MailgunService) mail: MailgunService,
    @Inject(EMULATOR) emulator: MailgunEmulator,
  ) {
    this.#mail = mail
    this.#emulator = emulator
  }

  async options(): Promise<MailgunOptions> {
    const { messageId } = await this.#mail.send(message)
    return (await this.#emulator.waitFor({ messageId })).submission.options
  }

  async tags(): Promise<readonly string[]> {
    return (await this.options()).tags ?? []
  }
}

export interface StartedApp {
  readonly app: NestExpressApplication
  readonly url: string
  readonly close: () => Promise<void>
}

/** A listening application whose mail goes to an emulator of its own. */
export async function startApp(
  metadata: ModuleMetadata,
  options: NestApplicationOptions = { forceCloseConnections: true },
): Promise<StartedApp> {
  const emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  const testing = await Test.createTestingModule({
    ...metadata,
    imports: [MailgunModule.forRoot(emulator.transport), ...(metadata.imports ?? [])],
    providers: [SentMail, { provide: EMULATOR, useValue: emulator }, ...(metadata.providers ?? [])],
  }).compile()
  const app = testing.createNestApplication<NestExpressApplication>(options)
  await app.listen(0, '127.0.0.1')
  return {
    app,
    url: await app.getUrl(),
    close: async () => {
      await app.close()
      await emulator.close()
    },
  }
}
