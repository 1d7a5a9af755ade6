import type { MailgunTransporter } from '../transport/attach.ts'
import type { MailgunConfig } from '../config/config.ts'
import { Idempotency } from '../idempotency/idempotency.ts'
import { memoryStore } from '../idempotency/stores/memory-store.ts'
import type { Store } from '../idempotency/store.ts'
import { loginOf } from '../outcome/login.ts'
import { Observability } from '../observe/observability.ts'
import { openTransport } from '../transport/transport.ts'
import { Delivery } from '../delivery/delivery.ts'
import type { Dialer } from '../transport/dialer.ts'
import { sharedLimiter } from '../delivery/rate-limiter.ts'
import {
  resolveSettings,
  type MailerSettings,
  type ResolvedSettings,
} from '../config/mailer-settings.ts'

/** What a mailer's messages go through. */
export interface Route {
  readonly transporter: MailgunTransporter
  readonly dialer: Dialer | undefined
  readonly settings: ResolvedSettings
  readonly delivery: Delivery
  readonly store: Store
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

/** nodemailer's own default for a pool. */
const defaultConnections = 5

/** The route of a config. Nothing is opened yet. */
export function openRoute(config: MailgunConfig): Route {
  const { transporter, fresh, dialer } = openTransport(config)
  return routeOf(transporter as MailgunTransporter, config, {
    fresh: fresh as MailgunTransporter,
    dialer,
    concurrency: config.maxConnections ?? defaultConnections,
  })
}

/** The route through a transporter. A transporter of the caller that is not a pool takes any number of messages at once. */
export function routeOf(
  transporter: MailgunTransporter,
  given: MailerSettings,
  own: {
    readonly fresh?: MailgunTransporter
    readonly dialer?: Dialer
    readonly concurrency?: number
  } = {},
): Route {
  const settings = resolveSettings(given)
  const login = loginOf(transporter)
  const { host, user } = login
  const store = given.store ?? memoryStore()
  const concurrency = own.concurrency ?? poolSize(transporter)
  const shared = given.rateLimit && sharedLimiter(`${user} ${host ?? ''}`, given.rateLimit)
  return {
    transporter,
    dialer: own.dialer,
    settings,
    host,
    concurrency,
    delivery: new Delivery({
      ...settings,
      ...own,
      transporter,
      concurrency,
      limiter: shared?.limiter,
    }),
    store,
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
      for (const one of new Set([transporter, own.fresh])) {
        // Of our own, nothing is on its way: a kept connection that waits for a reply to RSET is left too.
        one?.close(own.dialer ? { force: true } : undefined)
      }
    },
  }
}

function poolSize({ transporter }: MailgunTransporter): number {
  const options: unknown = Reflect.get(transporter, 'options')
  if (!Reflect.get(Object(options), 'pool')) return Infinity
  return Number(Reflect.get(Object(options), 'maxConnections')) || defaultConnections
}
