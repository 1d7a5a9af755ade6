import { createHash } from 'node:crypto'
import {
  ConfigError,
  createMailer,
  type CloseSettings,
  type Mailer,
  type MailgunConfig,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
import { once } from './process-wide.ts'

/** A config, its URL, or nothing: then the environment, as `createMailer()` reads it. */
export type MailerConfig = MailgunConfig | string | undefined

/** The second argument of {@link defineMailer}. */
export interface DefineMailerSettings {
  /** Tells mailers with different configs apart. Default `'default'`; without a config `'environment'`. */
  readonly name?: string | undefined
}

interface Opened {
  readonly hash: string
  readonly mailer: Mailer
}

/**
 * Defines a mailer that asks for its config when a mail is sent, so that `next build` needs no credentials, and that is
 * one per process however often Next.js evaluates the module. A changed config closes the old connection.
 *
 * A send after `close()` opens it again.
 */
export function defineMailer(
  config?: MailerConfig | (() => MailerConfig),
  { name = config === undefined ? 'environment' : 'default' }: DefineMailerSettings = {},
): Mailer {
  let used: string | undefined
  return lazyMailer(name, () => {
    const resolved = typeof config === 'function' ? config() : config
    const hash = hashOf(resolved)
    const opened = openedMailers().get(name)
    if (opened?.hash === hash) {
      used = hash
      return opened.mailer
    }
    if (opened && used === hash) {
      throw new ConfigError(
        `Two mailers are defined under the name '${name}' with different configs: give one of them { name }.`,
      )
    }
    const mailer = createMailer(resolved)
    openedMailers().set(name, { hash, mailer })
    used = hash
    // It waits for its sends in flight; nobody waits for it.
    void opened?.mailer.close()
    return mailer
  })
}

function openedMailers(): Map<string, Opened> {
  return once('mailers/v1', () => new Map<string, Opened>())
}

/** A mailer whose connection is found, or opened, when it is needed. */
function lazyMailer(name: string, open: () => Mailer): Mailer {
  const close = async (settings?: CloseSettings): Promise<void> => {
    const opened = openedMailers().get(name)
    openedMailers().delete(name)
    await opened?.mailer.close(settings)
  }
  return {
    send: async (message, settings) => await open().send(message, settings),
    sendBatch: async (message, recipients, settings) =>
      await open().sendBatch(message, recipients, settings),
    compose: (message) => open().compose(message),
    settle: async (key, outcome) => await open().settle(key, outcome),
    with: (options) => lazyMailer(name, () => open().with(options)),
    withDefaults: (options) => lazyMailer(name, () => open().withDefaults(options)),
    verify: async () => await open().verify(),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

/** A fingerprint of the config: equal for equal configs, and no secret can be read from it. */
function hashOf(config: MailerConfig): string {
  const environment = Object.entries(process.env).filter(([key]) => key.startsWith('MAILGUN_SMTP_'))
  return createHash('sha256')
    .update(JSON.stringify(canonical(config ?? Object.fromEntries(environment))))
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

const environmentMailer = defineMailer()

/**
 * Sends a mail with the mailer of the environment, from a route handler or an action of one's own.
 *
 * Await it: on a serverless platform, what is not awaited may never leave.
 *
 * @throws {InvalidOptionError} if the message cannot be sent as meant; nothing was sent.
 * @throws {DeliveryError} if Mailgun did not accept it, or nobody knows.
 */
export async function sendMail(message: MailgunMessage, settings?: SendSettings): Promise<Receipt> {
  return await environmentMailer.send(message, settings)
}
