import { randomBytes } from 'node:crypto'
import type { ReceivedSubmission } from '../mail/submission.ts'
import type { Login } from '../smtp/authentication.ts'
import { replies } from '../smtp/replies.ts'
import type { Reply } from '../smtp/reply.ts'
import type { Delivery, KeptMessage, SessionInfo, SessionPolicy } from '../smtp/policy.ts'
import type { Accounts } from './accounts.ts'
import { refusalFor, type Domain } from './domains.ts'
import { hasUnreadableHeader } from '../mime/header-reading.ts'
import type { Rate, RateLimiter, Sender } from './rate-limiter.ts'
import { refusal } from './refusals.ts'

/** What happens to mail that passed. */
export interface SubmissionPolicySettings {
  readonly accounts: Accounts
  readonly limiter: RateLimiter
  readonly mode: 'strict' | 'lenient'
  readonly diagnostics: 'record' | 'reject'
  readonly perLogin: Rate
  readonly perConnection: Rate
  /** Where accepted mail goes; `read` keeps nothing. */
  readonly inbox: {
    read(delivery: Delivery): ReceivedSubmission
    add(delivery: Delivery): ReceivedSubmission
  }
}

/** Says what Mailgun would say about who sends how much to whom. */
export class SubmissionPolicy implements SessionPolicy {
  readonly serverId: string = randomBytes(6).toString('hex')
  readonly #settings: SubmissionPolicySettings

  constructor(settings: SubmissionPolicySettings) {
    this.#settings = settings
  }

  get needsLogin(): boolean {
    return this.#settings.accounts.needsLogin
  }

  login({ user, pass }: Login): Reply | undefined {
    const { accounts, limiter, mode } = this.#settings
    if (!accounts.takes({ user, pass })) return replies.authenticationFailed
    const domain = accounts.domainOf(user, '')
    if (domain.state !== 'probation' || mode === 'lenient') return undefined
    const wait = limiter.waitFor([domainSender(domain)])
    return wait > 0 ? refusal('probation', { seconds: Math.ceil(wait / 1_000) }) : undefined
  }

  /** Whether Mailgun refuses a sender of a foreign domain is unknown: that is a diagnostic. */
  sender(): undefined {}

  /** Mailgun decides on recipients only when it has all of them. */
  recipient(): undefined {}

  data(envelope: Delivery['envelope'], session: SessionInfo): Reply | undefined {
    const { accounts, limiter, mode } = this.#settings
    const domain = accounts.domainOf(session.user, envelope.from)
    const refused = mode === 'strict' ? refusalFor(domain, envelope.to) : undefined
    if (refused) return refusal(refused, { domain: domain.name })
    const date = limiter.take(envelope.to.length, this.#sendersOf(envelope, session))
    return date && refusal('quota', { domain: domain.name, date })
  }

  message(delivery: Delivery): Reply | undefined {
    const refused = this.#refuseMessage(delivery)
    if (refused) {
      const { envelope, session } = delivery
      this.#settings.limiter.giveBack(envelope.to.length, this.#sendersOf(envelope, session))
    }
    return refused
  }

  accept(delivery: Delivery): KeptMessage {
    const submission = this.#settings.inbox.add(delivery)
    // Mailgun makes a Message-ID for a message that came without.
    const messageId = submission.messageId ?? submission.messages[0]?.messageId
    return { id: submission.id, messageId, recipients: submission.reachable }
  }

  #refuseMessage(delivery: Delivery): Reply | undefined {
    const { mode, diagnostics, inbox } = this.#settings
    if (mode === 'strict' && hasUnreadableHeader(delivery.raw)) {
      return refusal('headerUnreadable')
    }
    if (diagnostics === 'record') return undefined
    const [first] = inbox.read(delivery).diagnostics
    return first && refusal('diagnosed', { code: first.code })
  }

  #sendersOf(envelope: Delivery['envelope'], session: SessionInfo): readonly Sender[] {
    const { accounts, perLogin, perConnection } = this.#settings
    return [
      domainSender(accounts.domainOf(session.user, envelope.from)),
      ...(session.user === undefined ? [] : [{ key: `login ${session.user}`, rate: perLogin }]),
      { key: `connection ${session.id}`, rate: perConnection },
    ]
  }
}

function domainSender({ name, limits }: Domain): Sender {
  return { key: `domain ${name}`, rate: limits }
}
