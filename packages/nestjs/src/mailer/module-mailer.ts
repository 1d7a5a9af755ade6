import {
  attachMailgun,
  ConfigError,
  createMailer,
  DeliveryError,
  isMailer,
  type Mailer,
  type MailerSettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'

/** A transporter of nodemailer. */
export type ReadyTransporter = Extract<
  Parameters<typeof createMailer>[0],
  { readonly sendMail: unknown }
>

/** What a mailer can be made from: a config, a ready mailer or transporter, or with neither the environment. */
export interface MailerSource {
  readonly config?: MailgunConfig | undefined
  readonly ready?: Mailer | ReadyTransporter | undefined
  readonly settings: MailerSettings
}

/** The longest delay of a timer (Node's setTimeout). */
const longest = 2 ** 31 - 1

/** The mailer of one module, and logins on trial beside it. */
export class ModuleMailer {
  readonly mailer: Mailer
  readonly #source: MailerSource
  readonly #trials = new Set<Promise<unknown>>()
  #isClosed = false

  /** @throws {ConfigError} if the source cannot make a mailer. */
  constructor(source: MailerSource) {
    this.#source = source
    this.mailer = mailerOf(source)
  }

  /**
   * Connects and logs in, and leaves no connection when the time is over.
   *
   * @throws {DeliveryError} if that fails.
   */
  async verifyWithin(milliseconds: number): Promise<true> {
    checkMilliseconds(milliseconds, 'within')
    let timer: NodeJS.Timeout | undefined
    // Begun before the trial's own deadline, which is as long and ends the connection.
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(silent(milliseconds)), milliseconds)
    })
    const trial = this.#trial(milliseconds).verify()
    this.#trials.add(trial)
    try {
      return await Promise.race([trial, late])
    } finally {
      clearTimeout(timer)
      void trial.catch(() => undefined).finally(() => this.#trials.delete(trial))
    }
  }

  /** Waits for mail and logins on their way, and closes the connections. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([this.mailer.close(), Promise.allSettled(this.#trials)])
  }

  /** A mailer whose deadline is that of the trial. A ready one has its own deadlines, and a closed one says so. */
  #trial(untilBody: number): Mailer {
    const { config, ready, settings } = this.#source
    if (ready !== undefined || this.#isClosed) return this.mailer
    const deadlines = { ...(config ?? settings).deadlines, untilBody }
    // Without a pool and a rate limit there is nothing to close.
    return config
      ? createMailer({ ...config, pool: false, rateLimit: undefined, deadlines })
      : createMailer(undefined, { ...settings, rateLimit: undefined, deadlines })
  }
}

function mailerOf({ config, ready, settings }: MailerSource): Mailer {
  if (isMailer(ready)) return ready
  return config ? createMailer(config) : createMailer(ready, settings)
}

/** The transporter with other defaults for its messages. It stays as it is: other mailers may send through it too. */
export function withDefaultFields(
  transporter: ReadyTransporter,
  defaults: object,
): ReadyTransporter {
  const attached = attachMailgun(transporter)
  return Object.create(attached, {
    _defaults: { value: { ...attached._defaults, ...defaults } },
  }) as ReadyTransporter
}

export function isTransporter(value: unknown): value is ReadyTransporter {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sendMail' in value &&
    typeof value.sendMail === 'function'
  )
}

/** @throws {ConfigError} naming the setting. */
export function checkMilliseconds(value: unknown, setting: string): asserts value is number {
  if (!(Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= longest)) {
    throw new ConfigError(`${setting} must be a whole number of milliseconds from 1.`)
  }
}

function silent(milliseconds: number): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_CONNECTION',
    outcome: 'deferred',
    fault: 'connection',
    retryable: true,
    message: `The server did not answer within ${milliseconds / 1000} s.`,
    cure: 'Check host and port, and that no firewall blocks SMTP.',
    attempts: 1,
  })
}
