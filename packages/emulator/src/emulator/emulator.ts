import { createCertificate, type Certificate } from '../certificate/certificate.ts'
import { realClock, VirtualClock, type Clock } from '../clock.ts'
import { FaultPlan } from '../faults/plan.ts'
import type { EmulatorInfo } from '../http/emulator-info.ts'
import { HttpServer } from '../http/server.ts'
import { Inbox } from '../inbox/inbox.ts'
import { Accounts } from '../policy/accounts.ts'
import { diagnose } from '../diagnostics/diagnostics.ts'
import { SubmissionPolicy } from '../policy/submission-policy.ts'
import { RateLimiter } from '../policy/rate-limiter.ts'
import { readSettings } from '../settings/read-settings.ts'
import { Ledger } from '../records/ledger.ts'
import { SessionRecords } from '../records/session-records.ts'
import { ownNames } from './own-names.ts'
import { RunningEmulator, type MailgunEmulator } from './running-emulator.ts'
import { EmulatorError, type MailgunEmulatorOptions, type Settings } from '../settings/settings.ts'
import { SmtpServer } from '../smtp/server.ts'

export type { MailgunEmulator } from './running-emulator.ts'
export type { EmulatorTransport } from './access.ts'

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
  const clock = settings.clock === 'virtual' ? new VirtualClock() : realClock()
  const accounts = new Accounts(settings)
  let http: HttpServer | undefined
  const inbox = openInbox(settings, clock, () => http?.url)
  const faults = new FaultPlan(settings.seed)
  const records = new SessionRecords({}, clock)
  const ledger = new Ledger({}, clock)
  const limiter = new RateLimiter(clock)
  const policy = new SubmissionPolicy({ ...settings, accounts, limiter, inbox })
  const certificate = certificateFor([host, ...settings.names, ...(isAny(host) ? ownNames() : [])])
  const smtp = new SmtpServer(certificate, policy, {
    faults,
    records,
    ledger,
    clock,
    limits: settings.limits,
  })
  const close = async (): Promise<void> => {
    inbox.close()
    await Promise.all([smtp.close(), http?.close()])
  }
  try {
    const port = await listening('port', host, smtp.listen(host, settings.port))
    const securePort =
      settings.securePort === false
        ? undefined
        : await listening('securePort', host, smtp.listenSecure(host, settings.securePort))
    const info: EmulatorInfo = {
      host: reachable(host),
      port,
      securePort,
      domains: settings.domains.map(({ name }) => name),
      user: settings.login.user,
      ca: certificate.ca,
      names: settings.names,
      allowRemote: options.allowRemote === true,
      directory: settings.retention.directory,
      keeps: settings.retention.messages,
    }
    if (settings.httpPort !== false) {
      http = new HttpServer(inbox, info, { ledger, records, faults, clock })
      await listening('httpPort', host, http.listen(host, settings.httpPort))
    }
    return new RunningEmulator({
      settings,
      address: info,
      httpUrl: http?.url,
      clock,
      accounts,
      limiter,
      inbox,
      faults,
      records,
      ledger,
      close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

function openInbox(settings: Settings, clock: Clock, httpUrl: () => string | undefined): Inbox {
  const { retention, tracking, sending, engagement, mx } = settings
  try {
    return new Inbox(retention, {
      clock,
      httpUrl,
      diagnose,
      tracking: (domain) => tracking.get(domain.toLowerCase()),
      sending: (domain) => sending.get(domain.toLowerCase()),
      engagement: (recipient) => engagement.get(recipient.toLowerCase()),
      mx: (domain) => mx.get(domain.toLowerCase()),
    })
  } catch (error) {
    // Its folder cannot be used.
    throw new EmulatorError('retention', (error as Error).message)
  }
}

// Two key pairs cost more than the rest of the start, and every one of a process may trust the same authority.
const certificates = new Map<string, Certificate>()

function certificateFor(hosts: readonly string[]): Certificate {
  const key = hosts.join(' ')
  const known = certificates.get(key)
  if (known) return known
  const made = createCertificate(...hosts)
  certificates.set(key, made)
  return made
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** An address to connect to, where the emulator listens on all of them. */
function reachable(host: string): string {
  if (!isAny(host)) return host
  return host === '::' ? '::1' : '127.0.0.1'
}

async function listening<Port>(
  option: 'port' | 'securePort' | 'httpPort',
  host: string,
  started: Promise<Port>,
): Promise<Port> {
  try {
    return await started
  } catch (error) {
    const { code, port } = error as { code?: unknown; port?: unknown }
    if (isUnknownHost(code)) {
      const message = `host '${host}' is not an address of this machine: ${String(code)}. Give one of its addresses, or 0.0.0.0 for all.`
      throw new EmulatorError('host', message)
    }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const reason = code === 'EACCES' ? 'needs more rights than this process has' : 'is taken'
    const message = `${option} ${String(port)} ${reason}: choose another, or 0 for any free one.`
    throw new EmulatorError(option, message)
  }
}

function isUnknownHost(code: unknown): boolean {
  return (
    code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN' || code === 'EINVAL'
  )
}
