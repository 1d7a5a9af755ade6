import type { MailgunTransporter } from '../nodemailer/mailgun-transporter.ts'
import { NodemailerCarrier } from '../nodemailer/nodemailer-carrier.ts'
import type { MailgunConfig } from '../config/config.ts'
import { Idempotency } from '../idempotency/idempotency.ts'
import { memoryStore } from '../idempotency/stores/memory-store.ts'
import type { Store } from '../idempotency/store.ts'
import { Observability } from '../observe/observability.ts'
import { openCarrier } from '../transport/transport.ts'
import { Delivery } from '../delivery/delivery.ts'
import type { Carrier } from '../delivery/carrier.ts'
import { sharedLimiter } from '../delivery/rate-limiter.ts'
import {
  resolveSettings,
  type MailerSettings,
  type ResolvedSettings,
} from '../config/mailer-settings.ts'

/** What a mailer's messages go through. */
export interface Route {
  readonly carrier: Carrier
  readonly settings: ResolvedSettings
  readonly delivery: Delivery
  readonly store: Store
  /** Whether its keys are in the memory of this process alone. */
  readonly hasOwnKeys: boolean
  readonly idempotency: Idempotency
  readonly observability: Observability
  /** The server's name; a transport that is not SMTP has none. */
  readonly host: string | undefined
  /** How many messages are handed over at once. */
  readonly concurrency: number
  /** Closes the connections. */
  close(): void
}

/** How long the outcome of a send is kept under its key, in milliseconds: 24 hours. */
export const lifetime = 86_400_000

/** The route of a config. Nothing is opened yet. */
export function openRoute(config: MailgunConfig): Route {
  return routeBy(openCarrier(config), config)
}

/** The route over a transporter of the caller's. */
export function routeOf(transporter: MailgunTransporter, given: MailerSettings): Route {
  const { deadlines } = resolveSettings(given)
  return routeBy(new NodemailerCarrier(transporter, deadlines), given)
}

function routeBy(carrier: Carrier, given: MailerSettings): Route {
  const settings = resolveSettings(given)
  const { host, user } = carrier.login
  const { concurrency } = carrier
  const store = given.store ?? memoryStore()
  const shared = given.rateLimit && sharedLimiter(`${user} ${host ?? ''}`, given.rateLimit)
  return {
    carrier,
    settings,
    host,
    concurrency,
    delivery: new Delivery({ ...settings, carrier, concurrency, limiter: shared?.limiter }),
    store,
    hasOwnKeys: given.store === undefined,
    idempotency: new Idempotency(store, {
      lifetime,
      onOutcomeLost: () =>
        given.logger?.error(
          { code: 'ERR_MAILGUN_STORE' },
          'the outcome of a mail could not be stored under its key',
        ),
    }),
    observability: new Observability({ logger: given.logger, observers: given.observers }),
    close() {
      shared?.release()
      carrier.close()
    },
  }
}
