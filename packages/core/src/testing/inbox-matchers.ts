import type { MatcherOf } from './expectations.ts'
import { describeMail, describeNearest, listMails } from './description.ts'
import { checkCondition, describeCondition, matches, type MailCondition } from './filter.ts'
import { mailIn, mailsIn } from './mail.ts'

/** The expectations of an emulator, an outbox or a list of mails. */
export const inboxMatchers: {
  readonly [
    Name in 'toHaveReceived' | 'toHaveReceivedTimes' | 'toHaveReceivedNothing' | 'toReceive'
  ]: MatcherOf<Name>
} = {
  toHaveReceived(received, condition = {}) {
    checkCondition(condition)
    const mails = mailsIn(received, 'toHaveReceived')
    const found = mails.findLast((mail) => matches(mail, condition))
    const wanted = describeCondition(condition)
    return found
      ? {
          pass: true,
          message: () =>
            `Expected not to have received ${wanted}.\n\n${describeMail(found, new Map())}`,
        }
      : {
          pass: false,
          message: () =>
            `Expected to have received ${wanted}. ${describeNearest(mails, condition)}`,
        }
  },

  toHaveReceivedTimes(received, times, condition = {}) {
    checkCondition(condition)
    const mails = mailsIn(received, 'toHaveReceivedTimes')
    const found = mails.filter((mail) => matches(mail, condition))
    const wanted = `${describeCondition(condition)} ${times === 1 ? 'once' : `${times} times`}`
    const pass = found.length === times
    return {
      pass,
      message: () => {
        const expected = `Expected ${pass ? 'not ' : ''}to have received ${wanted}`
        return found.length === 0
          ? `${expected}. ${describeNearest(mails, condition)}`
          : `${expected}; it came ${found.length} times:\n${listMails(found)}`
      },
    }
  },

  toHaveReceivedNothing(received) {
    const mails = mailsIn(received, 'toHaveReceivedNothing')
    return {
      pass: mails.length === 0,
      message: () =>
        mails.length === 0
          ? 'Expected to have received something. No mail is there.'
          : `Expected to have received nothing; ${mails.length} came:\n${listMails(mails)}`,
    }
  },

  async toReceive(received, condition, settings = {}) {
    const timeout = settings.timeout ?? settings.within ?? 2_000
    checkCondition(condition)
    const inbox = inboxIn(received)
    try {
      const found = mailIn(await inbox.waitFor(condition, { timeout }), 'toReceive')
      return {
        pass: true,
        message: () =>
          `Expected to receive no such mail within ${timeout} ms.\n\n${describeMail(found, new Map())}`,
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error
      const mails = mailsIn(received, 'toReceive')
      return {
        pass: false,
        message: () =>
          `Expected to receive ${describeCondition(condition)} within ${timeout} ms. ${describeNearest(mails, condition)}`,
      }
    }
  },
}

interface WaitingInbox {
  waitFor(condition: MailCondition, settings: { readonly timeout: number }): Promise<unknown>
}

function inboxIn(received: unknown): WaitingInbox {
  if (typeof Reflect.get(Object(received), 'waitFor') === 'function')
    return received as WaitingInbox
  throw new TypeError('toReceive waits at an emulator or an outbox; a list of mails gets no more.')
}
