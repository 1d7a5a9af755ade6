import { createMailer } from '@mailgun-smtp/core'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { copiesOf } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'

const messageId = '<first@mg.example.com>'

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

/** Has every name lead to these addresses; with none, no name is known. No question leaves this machine. */
function namesLeadTo(addresses: readonly LookupAddress[]): void {
  const lookup = (name: string, _options: LookupAllOptions, answer: Answer): void => {
    const unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    setImmediate(() => answer(addresses.length > 0 ? null : unknown, [...addresses]))
  }
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup)
}

afterEach(() => void vi.restoreAllMocks())

const living: LookupAddress = { address: '127.0.0.1', family: 4 }

describe.each([false, true])('F22, pool: %s', (pool) => {
  test('a name that is not known defers the message', async () => {
    namesLeadTo([])
    await using mailer = createMailer({
      auth: { user: 'postmaster@mg.example.com', pass: 'secret' },
      pool,
      retry: { times: 2, baseDelay: 1 },
    })

    await expect(mailer.send(letter)).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_CONNECTION',
      retryable: true,
      attempts: 3,
    })
  })

  test.each<[string, readonly LookupAddress[]]>([
    ['a dead IPv6 address before it', [{ address: '::1', family: 6 }, living]],
    ['a dead IPv4 address before it', [{ address: '127.0.0.2', family: 4 }, living]],
    ['a dead one after it', [living, { address: '127.0.0.2', family: 4 }]],
  ])('the living address is found, with %s', async (_what, addresses) => {
    await using emulator = await createMailgunEmulator({ httpPort: false })
    namesLeadTo(addresses)
    await using mailer = createMailer({
      ...emulator.transport,
      // The emulator's certificate is for this name too.
      host: 'localhost',
      pool,
    })

    await expect(mailer.send({ ...letter, messageId })).resolves.toMatchObject({ attempts: 1 })
    expect(copiesOf(messageId, emulator)).toBe(1)
  })
})
