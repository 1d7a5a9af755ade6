import type { Reply } from './reply.ts'
import type { Fault } from '../faults/fault.ts'

/** A reply that Mailgun's server gave in former years. */
export type FormerReplyName =
  | 'loginNotLoved'
  | 'sandboxAtEnd'
  | 'freeAccountAtEnd'
  | 'unactivatedAtEnd'
  | 'tooBig'
  | 'cannotAccept'

/** Some of them are still in logs and guides, so a client should know them. Today's server was not seen to give them. */
export const formerReplies: Readonly<
  Record<FormerReplyName, Reply & { readonly stage: 'auth' | 'final' }>
> = {
  loginNotLoved: {
    stage: 'auth',
    code: 535,
    text: '5.7.0 Mailgun is not loving your login or password',
    evidence: 'observed',
    source: 'mailgun/documentation issue 132 and two more, about 2015 to 2020',
  },
  sandboxAtEnd: {
    stage: 'final',
    code: 554,
    text: 'Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    evidence: 'observed',
    source: 'logs of about 2016 to 2019: the words of the 421, after the message',
  },
  freeAccountAtEnd: {
    stage: 'final',
    code: 554,
    text: 'Free accounts are for test purposes only. Please upgrade or add the address to authorized recipients in Account Settings.',
    evidence: 'observed',
    source: 'logs of about 2016 to 2019: the words of the 421, after the message',
  },
  unactivatedAtEnd: {
    stage: 'final',
    code: 554,
    text: 'Please activate your Mailgun account. Check your inbox or log in to your control panel to resend the activation email.',
    evidence: 'observed',
    source: 'logs of about 2016 to 2019: the words of the 421, after the message',
  },
  tooBig: {
    stage: 'final',
    code: 554,
    text: 'Message is too big. Max message size is 26214400 bytes',
    evidence: 'observed',
    source: "Mailgun's old server on Twisted (vulcan)",
  },
  cannotAccept: {
    stage: 'final',
    code: 554,
    text: 'Mailgun cannot accept your message',
    evidence: 'observed',
    source: "Mailgun's old server on Twisted (vulcan)",
  },
}

/** The fault that gives a former reply: `faults.next(formerReply('loginNotLoved'))`. */
export function formerReply(name: FormerReplyName): Fault {
  const { stage, code, text } = formerReplies[name]
  const reply: [number, string] = [code, text]
  // A fault's type is told by its one stage.
  return stage === 'auth' ? { at: stage, reply } : { at: stage, reply }
}
