import { InvalidOptionError } from '../outcome/errors.ts'
import type { RecipientResult, Verdict } from '../outcome/outcome.ts'
import { recipientForm } from '../outcome/recipient-form.ts'
import type { RecipientList } from '../outcome/recipient-list.ts'
import { inFlight, settledAsRejected, unsettleable } from './failures.ts'
import type { GuardedStore } from './guarded-store.ts'
import { checkKey } from './key.ts'
import { SendParts, type SendPart } from './send-parts.ts'
import { bareMessageId, type FoundSend, type StoredSend } from './store.ts'
import { stateOf, storeRecipients } from './stored-recipients.ts'

/** Whom a settled outcome is of. */
export interface SettleSettings {
  /** One recipient of the message. Default: everyone whose outcome is unknown. */
  readonly recipient?: string | undefined
}

const verdicts: Readonly<Record<'accepted' | 'rejected', Verdict>> = {
  accepted: { outcome: 'accepted', retryable: false },
  rejected: settledAsRejected,
}

/** What was found out about a send of unknown outcome. It ends what is unknown, and nothing else. */
export class Settlement {
  readonly #outcome: 'accepted' | 'rejected'
  readonly #recipient: string | undefined
  readonly #lifetime: number

  /** @throws {InvalidOptionError} for a wrong outcome or setting. */
  constructor(outcome: 'accepted' | 'rejected', { recipient }: SettleSettings, lifetime: number) {
    if (outcome !== 'accepted' && outcome !== 'rejected') {
      throw new InvalidOptionError('outcome', "must be 'accepted' or 'rejected'")
    }
    if (recipient !== undefined && typeof recipient !== 'string') {
      throw new InvalidOptionError('recipient', 'must be an address of the message')
    }
    this.#outcome = outcome
    this.#recipient = recipient
    this.#lifetime = lifetime
  }

  /** @throws {InvalidOptionError | DeliveryError} if it cannot be settled. */
  async make(
    store: GuardedStore,
    keyOrMessageId: string,
    isSending: (key: string) => boolean,
  ): Promise<void> {
    const root = await sendOf(store, keyOrMessageId)
    const parts = await SendParts.read(store, root)
    if (parts.isReserved || isSending(root.key)) throw inFlight(parts.messageId)
    const changes = parts.recipients
      ? this.#changes(parts, parts.recipients)
      : this.#formerChange(root)
    for (const { key, record } of changes) {
      if (!(await store.inTime(() => store.update(key, record)))) {
        throw unsettleable('has no send: its record has just expired')
      }
    }
  }

  #changes(parts: SendParts, recipients: RecipientList): FoundSend[] {
    const addressed = recipients.filter(this.#addressed(recipients))
    const unknown = addressed.filter(({ outcome }) => outcome === 'unknown')
    if (unknown.length > 0) {
      const forms = new Set(unknown.map(({ address }) => recipientForm(address)))
      return parts.all.flatMap((part) => this.#settled(part, forms))
    }
    if (this.#isSoAlready(addressed)) return []
    throw unsettleable('has a send whose outcome is known: it cannot be settled differently')
  }

  /** A message that was taken for some is accepted; one that was taken for others is not rejected, unless that was settled. */
  #isSoAlready(addressed: RecipientList): boolean {
    const such = addressed.filter(({ outcome }) => outcome === this.#outcome)
    return (
      such.length === addressed.length ||
      (such.length > 0 && this.#outcome === 'accepted') ||
      such.some(({ reply }) => reply === undefined)
    )
  }

  /** Which recipients are meant: by their form, and otherwise by letters of another case, as events may have them. */
  #addressed(recipients: RecipientList): (one: RecipientResult) => boolean {
    const recipient = this.#recipient
    if (recipient === undefined) return () => true
    const form = recipientForm(recipient)
    const exact = recipients.some(({ address }) => recipientForm(address) === form)
    const fold = (address: string): string =>
      exact ? recipientForm(address) : recipientForm(address).toLowerCase()
    const meant = fold(recipient)
    if (!recipients.some(({ address }) => fold(address) === meant)) {
      throw new InvalidOptionError('recipient', 'is not a recipient of the message')
    }
    return ({ address }) => fold(address) === meant
  }

  #settled({ key, record, recipients = [] }: SendPart, forms: ReadonlySet<string>): FoundSend[] {
    const isMeant = ({ address, outcome }: RecipientResult): boolean =>
      outcome === 'unknown' && forms.has(recipientForm(address))
    if (!recipients.some(isMeant)) return []
    const settled = recipients.map((one) =>
      isMeant(one) ? { ...verdicts[this.#outcome], address: one.address } : one,
    )
    return [
      {
        key,
        record: {
          ...record,
          state: stateOf(settled),
          recipients: storeRecipients(settled),
          expiresAt: Date.now() + this.#lifetime,
        },
      },
    ]
  }

  /** A record of version 1 names no recipients: it is settled for all of them. */
  #formerChange({ key, record }: FoundSend): FoundSend[] {
    if (this.#recipient !== undefined) {
      throw new InvalidOptionError(
        'recipient',
        'cannot be settled alone: the record is of an earlier version and does not name recipients',
      )
    }
    if (record.state === this.#outcome) return []
    if (record.state === 'accepted' || record.state === 'rejected') {
      throw unsettleable('has a send whose outcome is known: it cannot be settled differently')
    }
    const { failure: _former, ...rest } = record
    const settled: StoredSend = { ...rest, state: this.#outcome }
    return [{ key, record: { ...settled, expiresAt: Date.now() + this.#lifetime } }]
  }
}

async function sendOf(store: GuardedStore, keyOrMessageId: string): Promise<FoundSend> {
  checkKey(keyOrMessageId)
  const record = await store.read(keyOrMessageId)
  if (record) return { key: keyOrMessageId, record }
  const looksLikeMessageId = /^<?[^<>\s]+@[^<>\s]+>?$/.test(keyOrMessageId.trim())
  if (!looksLikeMessageId) {
    throw unsettleable('has no send: its record has expired, or there was none')
  }
  if (!store.canFind) {
    throw unsettleable(
      'has no send. To settle by a Message-ID, the store needs the method find(messageId)',
    )
  }
  const found = await store.find(bareMessageId(keyOrMessageId))
  if (!found) throw unsettleable('has no send: its record has expired, or there was none')
  return found
}
