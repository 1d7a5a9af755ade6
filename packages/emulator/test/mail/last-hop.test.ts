import { afterEach, describe, expect, test } from 'vitest'
import {
  createMailgunEmulator,
  type DeliveryStatus,
  type DomainSending,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
  type Message,
} from '../../src/index.ts'
import { ask } from '../clients/json.ts'
import { openMailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator | undefined
afterEach(() => emulator?.close())

const mx = { 'Old.test': { tls: false }, 'self-signed.test': { certificate: 'invalid' } } as const
const recipients = ['a@fine.test', 'b@self-signed.test', 'c@OLD.test']

async function start(options: MailgunEmulatorOptions = {}): Promise<MailgunEmulator> {
  emulator = await createMailgunEmulator({ httpPort: false, mx, ...options })
  return emulator
}

/** Sends to each kind of server, and returns the copies in that order. */
async function send(
  to: MailgunEmulator,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Message[]> {
  const client = openMailClient(to)
  const from = 'shop@mg.example.com'
  await client.sendMail({ from, to: recipients, subject: 'Hello', text: 'Hi', headers })
  client.close()
  return to.submissions.at(-1)?.messages ?? []
}

const ends = {
  verified: { tls: true, certificateVerified: true },
  unverified: { tls: true, certificateVerified: false },
  'in clear': { tls: false, certificateVerified: false },
  'no TLS': { tls: false, certificateVerified: false, failure: 'tls-not-offered' },
  'bad certificate': { tls: false, certificateVerified: false, failure: 'certificate-invalid' },
} as const satisfies Record<string, Partial<DeliveryStatus>>

type End = keyof typeof ends

// Mailgun's manual, "TLS Sending Connection Settings".
const table: readonly (readonly [string, string, readonly [End, End, End]])[] = [
  ['no', 'no', ['verified', 'in clear', 'in clear']],
  ['no', 'yes', ['unverified', 'unverified', 'in clear']],
  ['yes', 'no', ['verified', 'bad certificate', 'no TLS']],
  ['yes', 'yes', ['unverified', 'unverified', 'no TLS']],
]

describe.each(table)('with Require-TLS %s and Skip-Verification %s', (require, skip, expected) => {
  const headers = { 'X-Mailgun-Require-TLS': require, 'X-Mailgun-Skip-Verification': skip }
  const domain = { requireTls: require === 'yes', skipVerification: skip === 'yes' }
  const opposite = { requireTls: require === 'no', skipVerification: skip === 'no' }

  test.each<[string, DomainSending, Readonly<Record<string, string>>]>([
    ['of the message', {}, headers],
    ['of the message, more than of the domain', opposite, headers],
    ['of the domain', domain, {}],
  ])(
    'three servers get a copy with a good, a bad and no certificate: %s',
    async (_, set, asked) => {
      const emulator = await start({ domains: [{ name: 'mg.example.com', ...set }] })

      const copies = await send(emulator, asked)

      const found = copies.map(({ deliveryStatus }) => deliveryStatus)
      expect(found).toEqual(expected.map((end) => expect.objectContaining(ends[end]) as unknown))
      expect(copies.map(({ state }) => state)).toEqual(
        expected.map((end) => ('failure' in ends[end] ? 'failed' : 'delivered')),
      )
    },
  )
})

test('a message says by default of its last hop what its servers offer', async () => {
  const [fine, selfSigned, old] = await send(await start())

  expect(fine?.deliveryStatus).toEqual({
    mxHost: 'mx.fine.test',
    tls: true,
    certificateVerified: true,
  })
  expect(selfSigned?.deliveryStatus).toMatchObject({ mxHost: 'mx.self-signed.test', tls: false })
  expect(old?.deliveryStatus).toMatchObject({ mxHost: 'mx.old.test', tls: false })
})

describe('a copy that its server does not get', () => {
  const headers = { 'X-Mailgun-Require-TLS': 'yes' }

  test('was accepted, and is not delivered', async () => {
    const emulator = await start()
    const waiting = emulator.waitForNone({ to: 'c@old.test' }, { within: 1 })

    const [, , copy] = await send(emulator, headers)

    await waiting
    expect(copy).toMatchObject({ state: 'failed', deliveredAt: undefined })
    expect(copy?.deliveryStatus?.description).toMatch(/does not offer STARTTLS/)
    await emulator.waitForNone(({ recipient }) => recipient === 'c@OLD.test', { within: 1 })
    await expect(emulator.waitFor({ state: 'failed', to: 'c@old.test' })).resolves.toBe(copy)
    await expect(emulator.waitFor({ state: 'delivered', to: 'a@fine.test' })).resolves.toBeDefined()
  })

  test('is not a copy in the ledger', async () => {
    const emulator = await start()

    await send(emulator, headers)

    expect(emulator.ledger.copies()).toMatchObject([
      { recipient: 'a@fine.test', acknowledged: true },
    ])
    expect(emulator.ledger.count({ recipient: 'c@OLD.test' })).toBe(0)
  })

  test('fails no sooner than at its time', async () => {
    const emulator = await start({ clock: 'virtual' })
    const due = new Date(emulator.clock.now().getTime() + 3_600_000)

    const [, , copy] = await send(emulator, {
      ...headers,
      'X-Mailgun-Deliver-By': due.toUTCString(),
    })

    expect(copy).toMatchObject({ state: 'scheduled', deliveryStatus: undefined })
    const delivered = await emulator.during(() => emulator.clock.advance('2h'))
    expect(delivered.map(({ recipient }) => recipient)).toEqual(['a@fine.test'])
    expect(copy).toMatchObject({ state: 'failed', scheduledFor: expect.any(Date) as Date })
  })

  test('is dropped, not failed, in test mode', async () => {
    const copies = await send(await start(), { ...headers, 'X-Mailgun-Drop-Message': 'yes' })

    expect(copies.map(({ state, deliveryStatus }) => [state, deliveryStatus])).toEqual(
      recipients.map(() => ['dropped', undefined]),
    )
  })

  test('is shown over HTTP, and can be waited for', async () => {
    const emulator = await start({ httpPort: 0 })
    const [, copy] = await send(emulator, headers)
    const failed = { state: 'failed', deliveryStatus: { failure: 'certificate-invalid' } }

    expect(await ask(emulator, 'GET', `/messages/${copy?.id}`)).toMatchObject({ body: failed })
    expect(await ask(emulator, 'GET', `/submissions/${copy?.submission.id}`)).toMatchObject({
      body: { messages: [{ state: 'delivered' }, failed, { state: 'failed' }] },
    })
    expect(
      await ask(emulator, 'GET', '/wait?to=b@self-signed.test&state=failed&timeout=1'),
    ).toMatchObject({ status: 200, body: failed })
    expect(await ask(emulator, 'GET', '/wait?to=b@self-signed.test&timeout=1')).toMatchObject({
      status: 404,
    })
  })
})
