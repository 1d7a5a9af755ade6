import { expect, test } from 'vitest'
import { hopText, isRemarkable } from '../../message/last-hop.ts'

const hop = { mxHost: 'mx.example.com', tls: true, certificateVerified: true }
const inClear = { ...hop, tls: false, certificateVerified: false }

test.each([
  [hop, 'delivered by TLS', false],
  [{ ...hop, certificateVerified: false }, 'delivered by TLS, certificate not verified', true],
  [inClear, 'delivered in clear, without TLS', true],
  [{ ...inClear, description: 'No STARTTLS.' }, 'not delivered: No STARTTLS.', true],
])('tells of the hop %j %j', (status, text, isShown) => {
  expect(hopText(status)).toBe(text)
  expect(isRemarkable(status)).toBe(isShown)
})
