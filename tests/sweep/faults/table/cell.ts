import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import type { Row } from './row.ts'
import { copiesOf, heardBy, inScene, keepTo } from '../../scene/scene.ts'
import { letter, settle, verdictOf, type Verdict } from '../../scene/verdict.ts'
import type { Way } from '../../scene/ways.ts'

/** What came of a cell, and what does not hold in it that must hold in every one. */
export type Cell = Verdict & { readonly breaches: readonly string[] }

/** One cell of the sweep: a message meets a fault, and the next one meets none. */
export function runCell(row: Row, way: Way): Promise<Cell> {
  const { config } = row
  const before = (emulator: MailgunEmulator): void => callUp(row, emulator)
  return inScene(way, { config, before }, async ({ emulator, mailer }) => {
    const messageId = '<first@mg.example.com>'
    const first = await settle(mailer.send({ ...letter, ...row.message?.(), messageId }))
    const verdict = verdictOf(first, copiesOf(messageId, emulator))
    const breaches = breachesOf(verdict, emulator, messageId, row)
    if (row.recovers === false) return { ...verdict, breaches }

    emulator.faults.clear()
    keepTo(way, emulator)
    const nextId = '<next@mg.example.com>'
    const next = await settle(mailer.send({ ...letter, messageId: nextId }))
    const copies = copiesOf(nextId, emulator)
    if (!('receipt' in next) || copies !== 1) {
      breaches.push(`the next message: ${JSON.stringify(verdictOf(next, copies))}`)
    }
    const later = copiesOf(messageId, emulator) - verdict.copies
    if (later !== 0) breaches.push(`${later} more copies came later`)
    return { ...verdict, breaches }
  })
}

function callUp({ fault, strikes, when }: Row, { faults }: MailgunEmulator): void {
  const isIts = when?.()
  let struck = false
  faults.when((moment) => {
    if (isIts?.(moment) === false || (strikes === 'once' && struck)) return false
    struck = true
    return true
  }, fault)
}

/** Where the mailer's word and the emulator's records disagree. */
function breachesOf(
  { outcome, attempts, copies }: Verdict,
  emulator: MailgunEmulator,
  messageId: string,
  { unsaid, config }: Row,
): string[] {
  const most = config?.onUnknown === 'resend' ? attempts : 1
  const isTaken = outcome === 'accepted' || outcome === 'unknown'
  const isAcknowledged = emulator.ledger
    .copies({ messageId })
    .some(({ acknowledged }) => acknowledged)
  return [
    ...(copies > most ? [`${copies} copies`] : []),
    ...(copies > 0 && !isTaken ? [`${outcome}, but there is a copy`] : []),
    ...(outcome === 'accepted' && copies === 0 ? ['accepted, but there is no copy'] : []),
    ...(outcome === 'rejected' && isAcknowledged ? ['rejected, but it was acknowledged'] : []),
    ...(outcome === 'deferred' && isAcknowledged ? ['deferred, but it was acknowledged'] : []),
    ...heardBy(emulator)
      .filter((text) => unsaid?.test(text))
      .map((text) => `said ${text}`),
  ]
}
