import { createCertificate } from '../../src/certificate/certificate.ts'
import { realClock, type Clock } from '../../src/clock.ts'
import { FaultPlan } from '../../src/faults/plan.ts'
import { Ledger } from '../../src/records/ledger.ts'
import { SessionRecords } from '../../src/records/session-records.ts'
import { mailgunLimits, type ServerLimits } from '../../src/smtp/limits.ts'
import type { Delivery, SessionPolicy } from '../../src/smtp/policy.ts'
import { replies } from '../../src/smtp/replies.ts'
import { SmtpServer } from '../../src/smtp/server.ts'

export const login = { user: 'postmaster@mg.example.com', pass: 'secret' }
export const plainLogin = Buffer.from(`\0${login.user}\0${login.pass}`).toString('base64')

const certificate = createCertificate()

export interface OpenSmtp extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly securePort: number
  readonly ca: string
  readonly faults: FaultPlan
  readonly records: SessionRecords
  readonly ledger: Ledger
  readonly kept: readonly Delivery[]
  /** Forgets what was kept, said and called up. */
  forget(): void
}

/** Mailgun's SMTP alone: one login, and a list in place of an inbox. */
export async function openSmtp(
  setup: {
    readonly clock?: Clock
    readonly limits?: Partial<ServerLimits>
    readonly policy?: Partial<SessionPolicy>
    readonly seed?: number
  } = {},
): Promise<OpenSmtp> {
  const { clock = realClock() } = setup
  const kept: Delivery[] = []
  const faults = new FaultPlan(setup.seed)
  const records = new SessionRecords({}, clock)
  const ledger = new Ledger({}, clock)
  const policy: SessionPolicy = {
    serverId: '0123456789ab',
    needsLogin: true,
    login: ({ user, pass }) =>
      user === login.user && pass === login.pass ? undefined : replies.authenticationFailed,
    sender: () => undefined,
    recipient: () => undefined,
    data: () => undefined,
    message: () => undefined,
    accept: (delivery) => {
      kept.push(delivery)
      const [, messageId] = /^Message-ID: (.*)\r$/m.exec(delivery.raw.toString()) ?? []
      return { id: String(kept.length), messageId, recipients: delivery.envelope.to }
    },
    ...setup.policy,
  }
  const limits = { ...mailgunLimits, ...setup.limits }
  const server = new SmtpServer(certificate, policy, { faults, records, ledger, clock, limits })
  const host = '127.0.0.1'
  const port = await server.listen(host, 0)
  const securePort = await server.listenSecure(host, 0)
  return {
    host,
    port,
    securePort,
    ca: certificate.ca,
    faults,
    records,
    ledger,
    kept,
    forget: () => {
      kept.length = 0
      for (const part of [faults, records, ledger]) part.clear()
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}
