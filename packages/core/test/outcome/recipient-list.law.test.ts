import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome, RecipientResult, Verdict } from '../../src/outcome/outcome.ts'
import { recipientForm } from '../../src/outcome/recipient-form.ts'
import {
  countsOf,
  fold,
  untriedList,
  type AttemptVerdicts,
  type RecipientList,
} from '../../src/outcome/recipient-list.ts'
import { recipientsIn, storeRecipients, stateOf } from '../../src/idempotency/stored-recipients.ts'
import { recordOf } from '../fakes/records.ts'

const people = ['ada@example.net', 'bob@example.net', 'eve@bücher.example', 'Eve@example.net']

/** The same recipient, written as it may be written elsewhere. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  'ada@example.net': ['ada@example.net', 'ada@EXAMPLE.net', 'ada@Example.Net'],
  'bob@example.net': ['bob@example.net', 'bob@EXAMPLE.NET'],
  'eve@bücher.example': ['eve@bücher.example', 'eve@xn--bcher-kva.example', 'eve@BÜCHER.example'],
  'Eve@example.net': ['Eve@example.net'],
}

const outcomes: readonly Outcome[] = ['accepted', 'rejected', 'deferred', 'unknown']

const verdicts: fc.Arbitrary<Verdict> = fc.record({
  outcome: fc.constantFrom(...outcomes),
  retryable: fc.boolean(),
  code: fc.constantFrom('ERR_MAILGUN_RECIPIENT' as const, 'ERR_MAILGUN_CONNECTION' as const),
  fault: fc.constantFrom('recipient' as const, 'connection' as const),
})

const attempts: fc.Arbitrary<AttemptVerdicts> = fc
  .record({
    whole: verdicts,
    recipients: fc.uniqueArray(
      fc.constantFrom(...people).chain((person) =>
        fc.record({
          address: fc.constantFrom(...(spellings[person] ?? [person])),
          verdict: verdicts,
        }),
      ),
      { selector: ({ address }) => recipientForm(address) },
    ),
  })
  .map(({ whole, recipients }) => ({
    whole,
    recipients: recipients.map(({ address, verdict }) => ({ ...verdict, address })),
  }))

/** The first attempt is made for all: it shows the envelope. */
const histories = fc
  .tuple(verdicts, fc.array(attempts, { maxLength: 6 }))
  .map(([first, later]) => [
    { whole: first, recipients: people.map((address) => ({ ...first, address })) },
    ...later,
  ])

function listsOf(history: readonly AttemptVerdicts[]): RecipientList[] {
  let list = untriedList(people)
  return history.map((attempt) => (list = fold(list, attempt)))
}

function of(list: RecipientList, person: string): RecipientResult | undefined {
  return list.find(({ address }) => recipientForm(address) === recipientForm(person))
}

test('after any attempts every recipient is in the list exactly once, in the order of the message', () => {
  fc.assert(
    fc.property(histories, (history) => {
      for (const list of listsOf(history)) {
        expect(list.map(({ address }) => recipientForm(address))).toEqual(people.map(recipientForm))
        expect(Object.values(countsOf(list)).reduce((sum, one) => sum + one, 0)).toBe(people.length)
      }
    }),
  )
})

test('what may have been taken never becomes something that allows it to be sent again', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const lists = listsOf(history)
      for (const person of people) {
        const seen = lists.map((list) => of(list, person)?.outcome)
        const first = seen.findIndex((outcome) => outcome === 'accepted' || outcome === 'unknown')
        if (first < 0) continue
        for (const later of seen.slice(first)) expect(['accepted', 'unknown']).toContain(later)
      }
    }),
  )
})

test('what was accepted or refused for good stays so, word for word', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const lists = listsOf(history)
      for (const [index, list] of lists.slice(1).entries()) {
        for (const before of lists[index] ?? []) {
          if (before.outcome !== 'accepted' && before.outcome !== 'rejected') continue
          expect(of(list, before.address)).toEqual(before)
        }
      }
    }),
  )
})

test('what is deferred becomes what the last attempt for it says', () => {
  fc.assert(
    fc.property(histories, attempts, (history, attempt) => {
      const before = listsOf(history).at(-1) ?? []
      const after = fold(before, attempt)
      const isAimed = ({ address, outcome }: RecipientResult): boolean =>
        outcome === 'deferred' &&
        (attempt.recipients.length === 0 || of(attempt.recipients, address) !== undefined)
      const aimed = before.filter(isAimed).map(({ address }) => address)

      expect(aimed.map((address) => of(after, address)?.outcome)).toEqual(
        aimed.map((address) => (of(attempt.recipients, address) ?? attempt.whole).outcome),
      )
    }),
  )
})

test('a list that is stored and read again is the same, and says its state', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const list = listsOf(history).at(-1) ?? []
      const stored = JSON.parse(JSON.stringify(storeRecipients(list))) as ReturnType<
        typeof storeRecipients
      >

      const read = recipientsIn(recordOf({ recipients: stored }), undefined)

      const shown = ({ address, outcome, retryable }: RecipientResult) => [
        address,
        outcome,
        retryable,
      ]
      expect(read?.map(shown)).toEqual(list.map(shown))
      expect(list.some(({ outcome }) => outcome === stateOf(list))).toBe(true)
    }),
  )
})

test('a recipient that is given twice, in letters of two kinds, is one', () => {
  expect(
    untriedList([
      'ada@example.net',
      'ada@EXAMPLE.NET',
      'eve@bücher.example',
      'eve@xn--bcher-kva.example',
    ]),
  ).toHaveLength(2)
  // RFC 5321 §2.4: the letters before the @ are the receiver's own matter.
  expect(untriedList(['ada@example.net', 'Ada@example.net'])).toHaveLength(2)
})
