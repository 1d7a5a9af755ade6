import type { MailgunMessage } from '../message/message.ts'
import type { RecipientResult } from '../outcome/outcome.ts'
import { recipientForm } from '../outcome/recipient-form.ts'
import type { RecipientList } from '../outcome/recipient-list.ts'
import { unknownEarlier } from './failures.ts'
import type { GuardedStore } from './guarded-store.ts'
import type { FoundSend, StoredSend } from './store.ts'
import { recipientsIn } from './stored-recipients.ts'

/** One record of a send, with what it says of its recipients; nothing, if it is of version 1 and names none. */
export interface SendPart extends FoundSend {
  readonly recipients: RecipientList | undefined
}

/**
 * What the records of one send say together. The first is kept under the send's key. When a message was taken for some of its
 * recipients and others can be sent to again, those are a part of their own, under a key made of the first record's owner. So a
 * store needs no more than `reserve` to let one process at a time send to them, and nothing that is known is written over.
 */
export class SendParts {
  readonly messageId: string
  readonly #owner: string
  readonly #key: string
  readonly #parts: SendPart[] = []

  constructor({ key, record }: FoundSend) {
    this.#key = key
    this.#owner = record.owner
    this.messageId = record.messageId
  }

  /**
   * Reads every record of a send.
   *
   * @param message Whose recipients they are, where a record of version 1 does not say.
   */
  static async read(
    store: GuardedStore,
    root: FoundSend,
    message?: MailgunMessage,
  ): Promise<SendParts> {
    const parts = new SendParts(root)
    let record: StoredSend | undefined = root.record
    while (record) {
      parts.#parts.push({
        key: parts.nextKey,
        record,
        recipients: recipientsIn(record, message) ?? parts.#unknownOnes(record),
      })
      if (!parts.recipients?.some(isOpen)) break
      record = await store.read(parts.nextKey)
    }
    return parts
  }

  /** Takes note of a record that has ended. */
  add(recipients: RecipientList, record: StoredSend): void {
    this.#parts.push({ key: this.nextKey, record, recipients })
  }

  get all(): readonly SendPart[] {
    return this.#parts
  }

  /** The key of the next record: the send's own, then those of its parts. */
  get nextKey(): string {
    return this.#parts.length === 0 ? this.#key : `${this.#owner}:${this.#parts.length}`
  }

  /** Whether a process is sending, or died a moment ago before it handed anything over. */
  get isReserved(): boolean {
    return this.#parts.some(({ record }) => record.state === 'reserved')
  }

  get attempts(): number {
    const each = this.#parts.map(
      ({ record: { attempts, receipt, failure } }) =>
        attempts ?? receipt?.attempts ?? failure?.attempts ?? 0,
    )
    return each.reduce((sum, one) => sum + one, 0)
  }

  /** The sender's address, if a record says it. */
  get from(): string | undefined {
    const record = this.#parts[0]?.record
    return record?.from ?? record?.receipt?.from
  }

  /** Every recipient with the last thing known; nothing, if no record names any. */
  get recipients(): RecipientList | undefined {
    const [first, ...later] = this.#parts
    if (!first?.recipients || later.length === 0) return first?.recipients
    const last = new Map<string, RecipientResult>()
    for (const { recipients } of later) {
      for (const one of recipients ?? []) last.set(recipientForm(one.address), one)
    }
    return first.recipients.map((one) => last.get(recipientForm(one.address)) ?? one)
  }

  /** The recipients who are not to be sent to again, in the form in which they are compared. */
  get concluded(): ReadonlySet<string> {
    const concluded = (this.recipients ?? []).filter((one) => !isOpen(one))
    return new Set(concluded.map(({ address }) => recipientForm(address)))
  }

  /** Whom a part is for that was handed over and does not say: all who were open. */
  #unknownOnes({ state }: StoredSend): RecipientList | undefined {
    if (this.#parts.length === 0) return undefined
    const open = this.recipients?.filter(isOpen)
    return state === 'reserved' ? [] : open?.map(({ address }) => ({ ...unknownEarlier, address }))
  }
}

/**
 * Whether a recipient can be sent to again: the message was surely not taken. What the account lacks will be fixed, and the
 * same message can be sent then.
 */
export function isOpen({ outcome, fault }: RecipientResult): boolean {
  return outcome === 'deferred' || (outcome === 'rejected' && fault === 'account')
}

/** The list as a continued send starts with it: who is open is to be sent to. */
export function reopened(recipients: RecipientList): RecipientList {
  return recipients.map((one) => (isOpen(one) ? { ...one, outcome: 'deferred' } : one))
}
