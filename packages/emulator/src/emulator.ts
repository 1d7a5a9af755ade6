import { randomBytes } from 'node:crypto'
import { createCertificate } from './certificate.ts'
import type { EmulatorInfo } from './http/api.ts'
import { HttpServer, urlHost } from './http/server.ts'
import { Inbox } from './inbox/inbox.ts'
import { waitForMessage, type MessageCondition, type WaitSettings } from './inbox/wait.ts'
import type { Message } from './mail/message.ts'
import type { Submission } from './mail/submission.ts'
import {
  EmulatorError,
  readSettings,
  type MailgunEmulatorOptions,
  type Settings,
} from './settings.ts'
import type { Login } from './smtp/authentication.ts'
import { SmtpServer } from './smtp/server.ts'

/** How a client reaches the emulator; nodemailer and `createMailer` take it as it is. */
export interface EmulatorTransport<Secure extends boolean = boolean> {
  readonly host: string
  readonly port: number
  readonly secure: Secure
  readonly requireTLS: true
  readonly auth: { readonly user: string; readonly pass: string }
  readonly tls: { readonly ca: string }
}

/** Mailgun's SMTP service on this machine. */
export interface MailgunEmulator {
  readonly host: string
  /** SMTP with STARTTLS. */
  readonly port: number
  /** SMTP with implicit TLS. */
  readonly securePort: number | undefined
  /** PEM of the certificate authority made at start: with it clients verify the emulator's TLS. */
  readonly ca: string
  /** `smtp://login:password@host:port`, percent-encoded. */
  readonly smtpUrl: string
  /** The first login. */
  readonly credentials: Login
  readonly transport: EmulatorTransport<false>
  readonly secureTransport: EmulatorTransport<true> | undefined
  /** The inbox page. */
  readonly httpUrl: string | undefined
  /** What SMTP accepted, oldest first. */
  readonly submissions: readonly Submission[]
  /** Every recipient's copy, oldest first. */
  readonly messages: readonly Message[]
  /**
   * The newest message that matches since the last reset, or the next one to come.
   *
   * @throws {Error} named `TimeoutError` when none came in time; it tells the nearest messages and what differed.
   */
  waitFor(condition: MessageCondition, settings?: WaitSettings): Promise<Message>
  /** Empties the inbox. */
  reset(): void
  /** Ends every server, connection and wait. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts an emulator of Mailgun's SMTP service on loopback, with its inbox.
 *
 * No mail leaves the process.
 *
 * @throws {EmulatorError} if an option cannot be, or a port is taken; its `option` says which.
 */
export async function createMailgunEmulator(
  options: MailgunEmulatorOptions = {},
): Promise<MailgunEmulator> {
  const settings = readSettings(options)
  const { host } = settings
  const certificate = createCertificate(host)
  const inbox = new Inbox(settings.retention)
  const smtp = new SmtpServer(certificate, {
    serverId: randomBytes(6).toString('hex'),
    isLogin: (login) => isLogin(settings, login),
    accept: (delivery) => inbox.add(delivery),
  })
  let http: HttpServer | undefined
  const close = async (): Promise<void> => {
    inbox.close()
    await Promise.all([smtp.close(), http?.close()])
  }
  try {
    const port = await listening('port', smtp.listen(host, settings.port))
    const securePort =
      settings.securePort === false
        ? undefined
        : await listening('securePort', smtp.listenSecure(host, settings.securePort))
    const info: EmulatorInfo = {
      host,
      port,
      securePort,
      domains: settings.domains,
      user: settings.login.user,
      ca: certificate.ca,
    }
    if (settings.httpPort !== false) {
      http = new HttpServer(inbox, info)
      await listening('httpPort', http.listen(settings.httpPort))
    }
    return new RunningEmulator({
      info,
      pass: settings.login.pass,
      inbox,
      httpUrl: http?.url,
      close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

class RunningEmulator implements MailgunEmulator {
  readonly host: string
  readonly port: number
  readonly securePort: number | undefined
  readonly ca: string
  readonly httpUrl: string | undefined
  readonly #login: Login
  readonly #inbox: Inbox
  readonly #close: () => Promise<void>
  #closed: Promise<void> | undefined

  constructor(running: {
    readonly info: EmulatorInfo
    readonly pass: string
    readonly inbox: Inbox
    readonly httpUrl: string | undefined
    readonly close: () => Promise<void>
  }) {
    const { host, port, securePort, ca, user } = running.info
    this.host = host
    this.port = port
    this.securePort = securePort
    this.ca = ca
    this.httpUrl = running.httpUrl
    this.#login = { user, pass: running.pass }
    this.#inbox = running.inbox
    this.#close = running.close
  }

  get credentials(): Login {
    return { ...this.#login }
  }

  get smtpUrl(): string {
    const { user, pass } = this.#login
    const login = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}`
    return `smtp://${login}@${urlHost(this.host)}:${this.port}`
  }

  get transport(): EmulatorTransport<false> {
    return this.#transport(this.port, false)
  }

  get secureTransport(): EmulatorTransport<true> | undefined {
    return this.securePort === undefined ? undefined : this.#transport(this.securePort, true)
  }

  get submissions(): readonly Submission[] {
    return this.#inbox.submissions
  }

  get messages(): readonly Message[] {
    return this.#inbox.messages
  }

  waitFor(condition: MessageCondition, settings?: WaitSettings): Promise<Message> {
    return waitForMessage(this.#inbox, condition, settings)
  }

  reset(): void {
    this.#inbox.reset()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #transport<Secure extends boolean>(port: number, secure: Secure): EmulatorTransport<Secure> {
    const { host, ca } = this
    return { host, port, secure, requireTLS: true, auth: this.credentials, tls: { ca } }
  }
}

function isLogin({ credentials }: Settings, login: Login): boolean {
  if (credentials === 'any') return true
  return credentials.some(({ user, pass }) => user === login.user && pass === login.pass)
}

async function listening<Port>(
  option: 'port' | 'securePort' | 'httpPort',
  started: Promise<Port>,
): Promise<Port> {
  try {
    return await started
  } catch (error) {
    const { code, port } = error as { code?: unknown; port?: unknown }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const reason = code === 'EACCES' ? 'needs more rights than this process has' : 'is taken'
    const message = `${option} ${String(port)} ${reason}: choose another, or 0 for any free one.`
    throw new EmulatorError(option, message)
  }
}
