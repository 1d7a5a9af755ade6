import { AssertionError } from 'node:assert'
import type { MailMatchers, MatcherResult } from './expectations.ts'
import type { inboxMatchers } from './inbox-matchers.ts'
import type { CapturedMail, CapturedMails } from './mail.ts'
import { matchers } from './every-matcher.ts'

type Assertions = {
  readonly [Name in keyof MailMatchers]: (
    received: Name extends keyof typeof inboxMatchers ? CapturedMails : CapturedMail,
    ...expected: Parameters<MailMatchers[Name]>
  ) => ReturnType<MailMatchers[Name]>
}

/** Every expectation as a function, and its negation under `not`. */
export interface MailAssertions extends Assertions {
  readonly not: Assertions
}

/**
 * The matchers as assertions, for `node:test` and any runner without `expect`.
 *
 * Each throws an `AssertionError`; those that read a body or wait return a promise.
 */
export const assertMail: MailAssertions = { ...assertions(true), not: assertions(false) }

function assertions(wanted: boolean): Assertions {
  const entries = Object.entries(matchers).map(([name, matcher]) => {
    const judge = matcher as (
      ...values: readonly unknown[]
    ) => MatcherResult | Promise<MatcherResult>
    const assertion = (...values: readonly unknown[]): void | Promise<void> => {
      const check = ({ pass, message }: MatcherResult): void => {
        if (pass === wanted) return
        const operator = wanted ? name : `not.${name}`
        throw new AssertionError({ message: message(), operator, stackStartFn: assertion })
      }
      const judged = judge(...values)
      return judged instanceof Promise ? judged.then(check) : check(judged)
    }
    return [name, assertion]
  })
  // Each function is made from the matcher with the same name.
  return Object.fromEntries(entries) as Assertions
}
