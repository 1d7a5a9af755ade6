import { createHash } from 'node:crypto'
import {
  ConfigError,
  createMailer,
  type CloseSettings,
  type Deadlines,
  type DeliverySettings,
  type Mailer,
  type MailerSettings,
  type MailgunConfig,
  type Retry,
} from '@mailgun-smtp/core'
import { once } from '../process-wide.ts'
import { isServerless } from './serverless.ts'

/**
 * A config or its URL, as `createMailer()` takes it. Without a URL and a login, the environment says where the server is and
 * who logs in: `{ defaults, pool: true }` are settings beside it.
 */
export type MailerConfig = MailgunConfig | DeliverySettings | string | undefined

/** The second argument of {@link defineMailer}. */
export interface DefineMailerSettings {
  /** Distinguishes several mailers. Default: `'default'`, or `'environment'` for `defineMailer()` without arguments, which `sendMail` uses. */
  readonly name?: string | undefined
  /**
   * How long one send may take, in milliseconds, including waits and retries. `Infinity` leaves it to the config's
   * deadlines. A visitor waits for the send, and platforms end long requests. Default: 20,000 (20 seconds).
   */
  readonly timeout?: number | undefined
  /** @deprecated Use `timeout`. Default: `timeout`. */
  readonly within?: number | undefined
}

interface Opened {
  readonly hash: string
  readonly mailer: Mailer
}

const defaultTimeout = 20_000

/** Phases of an attempt that leave time for another within the default. Those of the config go before them. */
const quickDeadlines: Deadlines = {
  connect: 5000,
  greeting: 5000,
  untilBody: 8000,
  body: 15_000,
  afterDot: 15_000,
}
const quickRetry: Retry = { times: 3, within: 6000 }

/**
 * Defines a mailer that asks for its config when a mail is sent, so that `next build` needs no credentials, and that is
 * one per process however often Next.js evaluates the module. A changed config closes the old connection.
 *
 * `pool: true` holds where the process lives on. On a serverless platform each mail has its own connection, as one that
 * was kept is dead after a freeze. A send after `close()` opens the mailer again.
 *
 * @throws {ConfigError} if `timeout` is not a number of milliseconds.
 */
export function defineMailer(
  config?: MailerConfig | (() => MailerConfig),
  { name: given, within, timeout = within ?? defaultTimeout }: DefineMailerSettings = {},
): Mailer {
  if (timeout !== Infinity && !(Number.isInteger(timeout) && timeout > 0 && timeout < 2 ** 31)) {
    throw new ConfigError(
      'timeout must be a whole number of milliseconds from 1 to 2147483647, or Infinity.',
    )
  }
  const isEnvironment = config === undefined && timeout === defaultTimeout
  const name = given ?? (isEnvironment ? 'environment' : 'default')
  let used: string | undefined
  return lazyMailer(name, timeout, () => {
    const resolved = unpooledWhereFrozen(typeof config === 'function' ? config() : config)
    const hash = hashOf(resolved, timeout)
    const opened = openedMailers().get(name)
    if (opened?.hash === hash) {
      used = hash
      return opened.mailer
    }
    if (opened && used === hash) {
      throw new ConfigError(
        `Two mailers are defined under the name '${name}' that differ: give one of them { name }.`,
      )
    }
    const mailer = createMailer(resolved, timeout <= defaultTimeout ? quick(resolved) : {})
    openedMailers().set(name, { hash, mailer })
    used = hash
    // It closes when its sends in flight have ended. The new mailer does not wait for that.
    void opened?.mailer.close()
    return mailer
  })
}

/** The mailer of the environment, which `sendMail` sends with. */
export const environmentMailer: Mailer = defineMailer()

function openedMailers(): Map<string, Opened> {
  return once('mailers/v1', () => new Map<string, Opened>())
}

/** A mailer whose connection is found, or opened, when it is needed. */
function lazyMailer(name: string, timeout: number, open: () => Mailer): Mailer {
  const limit = timeout === Infinity ? {} : { timeout }
  const close = async (settings?: CloseSettings): Promise<void> => {
    const opened = openedMailers().get(name)
    openedMailers().delete(name)
    await opened?.mailer.close(settings)
  }
  return {
    send: async (message, settings) => await open().send(message, { ...limit, ...settings }),
    sendBatch: async (message, recipients, settings) =>
      await open().sendBatch(message, recipients, settings),
    compose: (message) => open().compose(message),
    settle: async (key, outcome) => await open().settle(key, outcome),
    with: (options) => lazyMailer(name, timeout, () => open().with(options)),
    withDefaults: (options) => lazyMailer(name, timeout, () => open().withDefaults(options)),
    verify: async (settings) => await open().verify(settings),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

function quick(config: MailerConfig): MailerSettings {
  const own = typeof config === 'object' ? config : undefined
  return {
    deadlines: { ...quickDeadlines, ...own?.deadlines },
    retry: own?.retry ?? quickRetry,
  }
}

function unpooledWhereFrozen(config: MailerConfig): MailerConfig {
  if (!isServerless()) return config
  // What is beside a URL or the environment goes before it.
  return { ...(typeof config === 'string' ? { url: config } : config), pool: false }
}

/** A fingerprint of the config: equal for equal configs, and no secret can be read from it. */
function hashOf(config: MailerConfig, timeout: number): string {
  const environment = Object.entries(process.env).filter(([key]) => key.startsWith('MAILGUN_SMTP_'))
  return createHash('sha256')
    .update(JSON.stringify(canonical([config, environment, String(timeout)])))
    .digest('hex')
}

/** The same value with sorted keys, and in words what JSON has no word for. */
function canonical(value: unknown): unknown {
  if (typeof value === 'function') return String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(canonical)
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}
