import type { Reply } from '../smtp/reply.ts'

/** It is unknown whether Mailgun ends the connection after a 421 in place of 354. The emulator does not. */
const andOn = '; whether the session ends with it is unknown: here it goes on'

/** Why Mailgun does not let a domain send, or does not accept a message. */
export type RefusalName =
  | 'probation'
  | 'sandbox'
  | 'freeAccount'
  | 'unactivated'
  | 'quota'
  | 'unverified'
  | 'disabled'
  | 'inactive'
  | 'terminated'
  | 'headerUnreadable'
  | 'diagnosed'

/**
 * What Mailgun says to those it does not let send, one row each (see `Reply`). `<domain>`, `<date>`, `<seconds>` and
 * `<code>` are filled in when it is said.
 */
export const refusals: Readonly<Record<RefusalName, Reply>> = {
  probation: {
    stage: 'auth',
    code: 535,
    text: '5.7.0 Your account is on probation and domains are limited to 100 messages / hour. Account will be enabled in <seconds> seconds',
    evidence: 'observed',
    source: 'logs of 2018: at AUTH, with the words of the server of those years',
  },

  sandbox: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    evidence: 'observed',
    source: `logs of 2020 to 2025, in place of 354${andOn}`,
  },
  freeAccount: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Free accounts are for test purposes only. Please upgrade or add the address to authorized recipients in Account Settings.',
    evidence: 'observed',
    source: `logs of 2020 to 2025, in place of 354${andOn}`,
  },
  unactivated: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Please activate your Mailgun account. Check your inbox or log in to your control panel to resend the activation email.',
    evidence: 'observed',
    source: `rebutify issue 162 (2024), in place of 354${andOn}`,
  },
  quota: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: recipient limit exceeded, try again after <date>',
    evidence: 'observed',
    source: `a log of October 2025, in place of 354${andOn}`,
  },
  unverified: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: The domain is unverified and requires DNS configuration. Log in to your control panel to view required DNS records.',
    evidence: 'inferred',
    source: `the HTTP API's words for the same refusal, behind the prefix seen over SMTP${andOn}`,
  },
  disabled: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Account disabled',
    evidence: 'inferred',
    source: `the HTTP API's words for the same refusal, behind the prefix seen over SMTP${andOn}`,
  },
  inactive: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Account Inactivity',
    evidence: 'inferred',
    source: `the HTTP API's words for the same refusal, behind the prefix seen over SMTP${andOn}`,
  },
  terminated: {
    stage: 'data',
    code: 421,
    text: 'Domain <domain> is not allowed to send: Account Terminated',
    evidence: 'inferred',
    source: `the HTTP API's words for the same refusal, behind the prefix seen over SMTP${andOn}`,
  },

  headerUnreadable: {
    stage: 'final',
    code: 451,
    text: 'Failed to parse header: malformed data; unexpected EOF',
    evidence: 'observed',
    source:
      'PHPMailer issue 2687 (2022); its cause is not known: here, a header that reaches a line which is not a field, without an empty line before it',
  },
  diagnosed: {
    stage: 'final',
    code: 554,
    text: "The emulator was asked to refuse what has a diagnostic: '<code>'",
    evidence: 'ours',
    source: "no word of Mailgun's: the option diagnostics: 'reject'",
  },
}

/** A refusal with its blanks filled in. */
export function refusal(
  name: RefusalName,
  blanks: {
    readonly domain?: string
    readonly date?: Date
    readonly seconds?: number
    readonly code?: string
  } = {},
): Reply {
  const row = refusals[name]
  const text = row.text.replace(
    /<(domain|date|seconds|code)>/g,
    (_, blank: keyof typeof blanks) => {
      const value = blanks[blank]
      return value instanceof Date ? replyDate(value) : String(value)
    },
  )
  return { ...row, text }
}

/** As in the one quota reply that was published: `Sun, 05 Oct 2025 19:22:44 UTC`. */
function replyDate(date: Date): string {
  // It shows no fraction, and a sender that waits until then must not come too early.
  return new Date(Math.ceil(date.getTime() / 1_000) * 1_000).toUTCString().replace('GMT', 'UTC')
}
