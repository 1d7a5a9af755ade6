import type { Outcome, RecipientResult, Verdict } from './outcome.ts'
import { recipientForm } from './recipient-form.ts'

/**
 * Every recipient of a message, once, in the order of its envelope, with the last thing known. Receipt, error, batch report,
 * stored record and event are views of it.
 */
export type RecipientList = readonly RecipientResult[]

/** What one attempt says. */
export interface AttemptVerdicts {
  /** What it says about the recipients without a reply of their own; about all of them, if it ended before it had recipients. */
  readonly whole: Verdict
  /** Those it was made for. */
  readonly recipients: RecipientList
}

const untried = { outcome: 'deferred', retryable: true } as const

/** The list of recipients for whom no attempt was made yet: each once, though it may be spelled in two ways. */
export function untriedList(addresses: readonly string[]): RecipientList {
  return once(addresses.map((address) => ({ address, ...untried })))
}

/** Whether no attempt was made for a recipient. */
export function isUntried({ outcome, code }: Verdict): boolean {
  return outcome === 'deferred' && code === undefined
}

/**
 * The list after a further attempt: the last thing known of each recipient, and each recipient once.
 *
 * - What was accepted or rejected stays so.
 * - What is unknown can only become accepted: no later attempt tells the outcome of an earlier one.
 * - What was deferred becomes what the attempt says.
 */
export function fold(list: RecipientList, { whole, recipients }: AttemptVerdicts): RecipientList {
  if (recipients.length === 0) return list.map((known) => lastKnown(known, whole))
  // The first attempt shows the envelope itself, which a plugin may have changed.
  if (list.every(isUntried)) return once(recipients)
  const said = new Map(recipients.map((one) => [recipientForm(one.address), one]))
  const folded = list.map((known) => {
    const form = recipientForm(known.address)
    const one = said.get(form)
    said.delete(form)
    return one ? lastKnown(known, one) : known
  })
  return [...folded, ...said.values()]
}

function lastKnown(known: RecipientResult, said: Verdict): RecipientResult {
  const { address, outcome } = known
  const isReplaced =
    outcome === 'deferred' || (outcome === 'unknown' && said.outcome === 'accepted')
  return isReplaced ? { ...said, address } : known
}

/** The list with a reason for each recipient that no attempt was made for. */
export function withReason(list: RecipientList, reason: Verdict): RecipientList {
  return list.map((known) => (isUntried(known) ? { ...reason, address: known.address } : known))
}

/** The recipients whose outcome is one of these. */
export function thoseWith(list: RecipientList, ...outcomes: readonly Outcome[]): RecipientList {
  return list.filter(({ outcome }) => outcomes.includes(outcome))
}

/** How many recipients have each outcome. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>

/** Counts the outcomes. */
export function countsOf(list: RecipientList): OutcomeCounts {
  const counts: Record<Outcome, number> = { accepted: 0, rejected: 0, deferred: 0, unknown: 0 }
  for (const { outcome } of list) counts[outcome] += 1
  return counts
}

/** The addresses of a list. */
export function addressesOf(list: RecipientList): string[] {
  return list.map(({ address }) => address)
}

function once(list: RecipientList): RecipientList {
  if (list.length < 2) return list
  const forms = new Set<string>()
  return list.filter(({ address }) => forms.size < forms.add(recipientForm(address)).size)
}
