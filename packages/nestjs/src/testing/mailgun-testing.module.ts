import type { MailgunConfig } from '@mailgun-smtp/core'
import { createOutbox, type Outbox } from '@mailgun-smtp/core/testing'
import type { DynamicModule } from '@nestjs/common'
import type { MailgunModuleExtras } from '../module/mailgun.module-definition.ts'
import type {
  MailgunMailerSettings,
  MailgunModuleSettings,
} from '../module/mailgun.module-options.ts'
import { MailgunModule } from '../module/mailgun.module.ts'
import { getMailgunTransporterToken } from '../service/mailgun.tokens.ts'
import { getMailgunOutboxToken } from './outbox-token.ts'

/** What a mailer in tests may be given: all that `MailgunModule.forRoot()` takes but a connection. */
export interface MailgunTestingOptions
  extends
    MailgunModuleExtras,
    MailgunMailerSettings,
    Pick<MailgunModuleSettings, 'templates'>,
    Pick<MailgunConfig, 'defaults' | 'disableFileAccess' | 'disableUrlAccess'> {
  /** Where the mail goes; several mailers may share one. Default: an outbox of its own. */
  readonly outbox?: Outbox | undefined
}

/**
 * Replaces `MailgunModule` if a test imports a part of the application.
 * For the whole application, override `getMailgunTransporterToken()` with an outbox's transporter.
 */
export class MailgunTestingModule {
  /** A mailer without a connection; its outbox is under `getMailgunOutboxToken(name)`. */
  static forRoot({
    outbox = createOutbox(),
    ...options
  }: MailgunTestingOptions = {}): DynamicModule {
    // The type of a config demands a login, and nothing logs in here.
    const module = MailgunModule.forRoot(options as Parameters<typeof MailgunModule.forRoot>[0])
    const token = getMailgunOutboxToken(options.name)
    return {
      ...module,
      providers: [
        ...(module.providers ?? []),
        { provide: getMailgunTransporterToken(options.name), useValue: outbox.transporter },
        { provide: token, useValue: outbox },
      ],
      exports: [...(module.exports ?? []), token],
    }
  }
}
