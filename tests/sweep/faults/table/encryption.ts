import type { Row } from './row.ts'

const inClear = /^(?:AUTH|MAIL|RCPT|DATA)\b/i
const broken = {
  outcome: 'deferred',
  attempts: 1,
  copies: 0,
  code: 'ERR_MAILGUN_TLS',
  retryable: false,
} as const

const flaws = ['expired', 'wrong-name', 'unknown-ca'] as const

export const encryption: readonly Row[] = [
  ...flaws.map((certificate): Row => ({
    id: 'F14',
    what: `a certificate: ${certificate}`,
    fault: { at: 'tls', certificate },
    strikes: 'always',
    expected: broken,
    unsaid: inClear,
  })),
  {
    id: 'F15',
    what: 'STARTTLS is not offered',
    fault: { at: 'tls', starttls: 'absent' },
    strikes: 'always',
    ports: ['starttls'],
    expected: broken,
    unsaid: inClear,
  },
  {
    id: 'F15',
    what: 'STARTTLS is offered and refused with 454',
    fault: { at: 'tls', starttls: 'refused' },
    strikes: 'always',
    ports: ['starttls'],
    expected: { ...broken, attempts: 3, retryable: true },
    unsaid: inClear,
  },
  {
    id: 'F15',
    what: 'STARTTLS is offered and refused with 502',
    fault: { at: 'starttls', reply: [502, 'Command not implemented'] },
    strikes: 'always',
    ports: ['starttls'],
    expected: broken,
    unsaid: inClear,
  },
  {
    id: 'F16',
    what: 'a reply in clear, glued to the one that announces TLS',
    fault: { at: 'tls', inject: 'plaintext' },
    strikes: 'always',
    ports: ['starttls'],
    expected: broken,
    unsaid: inClear,
  },
]
