import { inspect } from 'node:util'
import { createTransport } from 'nodemailer'
import { describe, expect, test, vi } from 'vitest'
import {
  createMailgunEmulator,
  EmulatorError,
  type MailgunEmulatorOptions,
} from '../../src/index.ts'
import { openMailClient } from '../clients/mail-client.ts'
import { RawClient } from '../clients/raw-client.ts'

describe('createMailgunEmulator', () => {
  test('starts on free ports with a login of its own', async () => {
    const emulator = await createMailgunEmulator()
    const { user, pass } = emulator.credentials

    expect(user).toBe('postmaster@mg.example.com')
    expect(pass).toMatch(/^[0-9a-f]{24}$/)
    expect(emulator.smtpUrl).toBe(
      `smtp://postmaster%40mg.example.com:${pass}@127.0.0.1:${emulator.port}`,
    )
    expect(emulator.transport).toEqual({
      host: '127.0.0.1',
      port: emulator.port,
      secure: false,
      requireTLS: true,
      auth: { user, pass },
      tls: { ca: emulator.ca },
    })
    expect(emulator.secureTransport).toMatchObject({ port: emulator.securePort, secure: true })
    expect(new Set([emulator.port, emulator.securePort, emulator.httpUrl]).size).toBe(3)
    await emulator.close()
  })

  test('percent-encodes a login in its URL', async () => {
    const login = { user: 'a b@mg.example.com', pass: 'p/#?:@%' }
    const emulator = await createMailgunEmulator({ credentials: [login], httpPort: false })

    const url = new URL(emulator.smtpUrl)

    expect(decodeURIComponent(url.username)).toBe(login.user)
    expect(decodeURIComponent(url.password)).toBe(login.pass)
    await emulator.close()
  })

  test('leaves out what is not wanted', async () => {
    const emulator = await createMailgunEmulator({ securePort: false, httpPort: false })

    expect(emulator.securePort).toBeUndefined()
    expect(emulator.secureTransport).toBeUndefined()
    expect(emulator.httpUrl).toBeUndefined()
    await emulator.close()
  })

  test('takes each of its logins, or any', async () => {
    const first = { user: 'a@one.example', pass: 'first' }
    const second = { user: 'b@two.example', pass: 'second' }
    const strict = await createMailgunEmulator({ credentials: [first, second] })
    const lenient = await createMailgunEmulator({ credentials: 'any' })
    const verify = async ({ transport }: typeof strict, auth: typeof first): Promise<unknown> => {
      const transporter = createTransport({ ...transport, auth })
      try {
        return await transporter.verify()
      } catch (error) {
        return (error as Error).message
      } finally {
        transporter.close()
      }
    }

    expect(await verify(strict, second)).toBe(true)
    expect(await verify(strict, { ...first, pass: 'second' })).toContain(
      '535 Authentication failed',
    )
    expect(await verify(lenient, { user: 'who@ever', pass: 'x' })).toBe(true)
    expect(await verify(lenient, lenient.credentials)).toBe(true)
    await Promise.all([strict.close(), lenient.close()])
  })

  test.each([
    [{ host: '0.0.0.0' }, 'host', /not a loopback address/],
    [{ host: 'mail.example.com' }, 'host', /not a loopback address/],
    [{ host: '127.evil.example' }, 'host', /not a loopback address/],
    [{ port: 70_000 }, 'port', /from 0 to 65535/],
    [{ securePort: 1.5 }, 'securePort', /whole number/],
    [{ credentials: [] }, 'credentials', /empty/],
    [{ credentials: { user: 'a@b.c', pass: 'x' } }, 'credentials', /is a list, as \[\{ user/],
    [{ credentials: [{ user: 'a@b.c' }] }, 'credentials', /a user and a pass/],
    [{ credentials: [null] }, 'credentials', /a user and a pass/],
    [{ credentials: [{ user: 'shop', pass: 'x' }] }, 'credentials', /'shop' has no domain/],
    [{ domains: [] }, 'domains', /empty/],
    [{ domains: 'a.example' }, 'domains', /is a list, as \['mg.example.com'\]/],
    [{ domains: { name: 'a.example' } }, 'domains', /is a list/],
    [{ domains: [null] }, 'domains', /each is an object, as 'mg.example.com', or/],
    [{ domains: ['a b'] }, 'domains', /each has a name/],
    [{ domains: [{ name: 5 }] }, 'domains', /each has a name/],
    [
      { domains: [{ name: 'a.example', authorizedRecipients: 'me@b.c' }] },
      'domains',
      /authorizedRecipients of a.example is a list/,
    ],
    [{ domains: [{ name: 'a.example', credentials: 'x' }] }, 'domains', /of a.example is a list/],
    [{ domains: [{ name: 'a.example', tracking: true }] }, 'domains', /is an object, as \{ opens/],
    [
      { domains: [{ name: 'a.example', tracking: { clicks: 'html' } }] },
      'domains',
      /clicks of a.example, unless it is 'htmlonly', is true or false/,
    ],
    [{ retention: 5 }, 'retention', /is an object, as \{ messages: 10_000 \}/],
    [{ limits: 100 }, 'limits', /is an object, as \{ perHour: 100 \}/],
    [{ limits: { perLogin: 5 } }, 'limits', /perLogin is an object/],
    [{ mx: [] }, 'mx', /is an object/],
    [{ engagement: { 'a@b.c': 8 } }, 'engagement', /a@b.c is an object/],
    [{ retention: { bytes: -1 } }, 'retention', /whole number/],
    [{ retention: { directory: '/dev/null/mail' } }, 'retention', /\/dev\/null\/mail/],
    [{ engagement: { 'a@b.c': { timeZone: 'Mars/Olympus' } } }, 'engagement', /Mars\/Olympus/],
    [{ engagement: { 'a@b.c': { hour: 24 } } }, 'engagement', /from 0 to 23/],
    [{ mx: { 'a@b.c': {} } }, 'mx', /has domains as keys.*'a@b.c' is not one/],
    [{ mx: { 'old.test': false } }, 'mx', /old.test takes \{ tls, certificate \}/],
    [{ mx: { 'old.test': { tls: 'no' } } }, 'mx', /tls of old.test is true or false/],
    [{ mx: { 'old.test': { certificate: 'bad' } } }, 'mx', /'bad'; it can be valid or invalid/],
    [{ mx: { 'old.test': { tls: false, certificate: 'valid' } } }, 'mx', /shows no certificate/],
    [{ domains: [{ name: 'a.example', dkim: 'no' }] }, 'domains', /dkim of a.example is true or/],
    [{ limits: { perHour: 1.5 } }, 'limits', /whole number/],
    [{ limits: { perLogin: { perSecond: -1 } } }, 'limits', /whole number/],
    [{ seed: 0.5 }, 'seed', /whole number/],
    [{ clock: 'fast' }, 'clock', /'fast'; it can be real or virtual/],
    [{ mode: 'kind' }, 'mode', /strict or lenient/],
    [{ personality: 'kind' }, 'personality', /strict or lenient/],
    [{ diagnostics: 'shout' }, 'diagnostics', /record or reject/],
    [{ credentials: 'all' }, 'credentials', /'any', 'none' or a list/],
    [
      { domains: ['a.example'], credentials: [{ user: 'x@b.example', pass: 'y' }] },
      'credentials',
      /'x@b.example' is of none of the domains; add b.example/,
    ],
    [
      { domains: [{ name: 'a.example', credentials: [{ user: 'x@b.example', pass: 'y' }] }] },
      'domains',
      /'x@b.example' is not of a.example/,
    ],
    [{ domains: [{ name: 'a.example', state: 'odd' }] }, 'domains', /'odd'; it can be active/],
    [{ domains: [{ name: 'a.example', limits: { perHour: -1 } }] }, 'domains', /whole number/],
  ])('refuses %j in one sentence', async (options, option, message) => {
    const started = createMailgunEmulator(options as MailgunEmulatorOptions)

    await expect(started).rejects.toThrow(EmulatorError)
    await expect(started).rejects.toMatchObject({
      option,
      message: expect.stringMatching(message) as string,
    })
  })

  test('refuses a domain it cannot read the options of', async () => {
    const domain = { name: 'a.example', authorised: [] }

    await expect(createMailgunEmulator({ domains: [domain] })).rejects.toThrow(
      "A domain has no option 'authorised'; it has name, state,",
    )
    await expect(
      createMailgunEmulator({ mx: { 'old.test': { ssl: 1 } as object } }),
    ).rejects.toThrow("A server of mx has no option 'ssl'; it has tls, certificate.")
    await expect(createMailgunEmulator({ limits: { perDay: 1 } as object })).rejects.toThrow(
      "limits has no option 'perDay'; it has perSecond, perHour,",
    )
  })

  test('has a login for each domain, and tells that of the first', async () => {
    await using emulator = await createMailgunEmulator({
      domains: [
        'one.example',
        { name: 'two.example', credentials: [{ user: 'a@two.example', pass: 'x' }] },
        'three.example',
      ],
    })

    expect(emulator.credentials.user).toBe('postmaster@one.example')
    expect(emulator.transportFor('TWO.example').auth).toEqual({ user: 'a@two.example', pass: 'x' })
    await openMailClient(emulator).verify()
    for (const domain of ['one.example', 'two.example', 'three.example']) {
      const transport = emulator.transportFor(domain)
      await openMailClient({ transport }).verify()
    }
    expect(() => emulator.transportFor('four.example')).toThrow(/there is one of one\.example/)
  })

  test('listens elsewhere only when told, and names an address to connect to', async () => {
    await using emulator = await createMailgunEmulator({ host: '0.0.0.0', allowRemote: true })
    const transporter = openMailClient(emulator)

    expect(emulator.host).toBe('127.0.0.1')
    expect(await transporter.verify()).toBe(true)
    transporter.close()
  })

  test('moves a virtual clock, and refuses to move the real one', async () => {
    await using still = await createMailgunEmulator({ clock: 'virtual' })
    await using real = await createMailgunEmulator()
    const before = still.clock.now().getTime()

    still.clock.advance('3h')

    expect(still.clock.now().getTime() - before).toBe(10_800_000)
    expect(() => real.clock.advance('3h')).toThrow("clock: 'virtual'")
    expect(() => still.clock.advance('soon')).toThrow(RangeError)
  })

  test('hangs up on the idle when the virtual clock says so', async () => {
    await using emulator = await createMailgunEmulator({ clock: 'virtual' })
    const client = await RawClient.connect(emulator)
    await client.until('ready\r\n')

    emulator.clock.advance('4m')
    client.send('NOOP\r\n')
    await client.lines(1)
    emulator.clock.advance('4m')
    client.send('NOOP\r\n')
    expect(await client.lines(1)).toMatch(/^250/)
    emulator.clock.advance('5m')

    expect(await client.untilEnd()).toMatch(/^421 /)
  })

  test('counts copies and tells of sessions, until it is reset', async () => {
    await using emulator = await createMailgunEmulator()
    const transporter = openMailClient(emulator)
    const { messageId } = await transporter.sendMail({
      from: 'a@mg.example.com',
      to: ['b@c.d', 'e@f.g'],
      text: 'x',
    })
    transporter.close()

    expect(emulator.ledger.count({ messageId })).toBe(2)
    expect(emulator.ledger.copies({ recipient: 'b@c.d' })).toMatchObject([
      { messageId, acknowledged: true, submissionId: emulator.submissions[0]?.id },
    ])
    expect(emulator.sessions).toMatchObject([{ user: emulator.credentials.user }])
    emulator.faults.always({ at: 'greeting', drop: true })

    emulator.reset()

    expect(emulator.submissions).toEqual([])
    expect(emulator.ledger.count()).toBe(0)
    expect(emulator.sessions).toEqual([])
    expect(emulator.faults.list()).toEqual([])
  })

  test('refuses an option it does not have', async () => {
    await expect(createMailgunEmulator({ prot: 2525 } as object)).rejects.toThrow(
      "The emulator has no option 'prot'; it has host, port,",
    )
  })

  test('does not swallow the mail of production unless told to', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    try {
      await expect(createMailgunEmulator()).rejects.toMatchObject({
        name: 'EmulatorError',
        option: 'allowProduction',
        message: expect.stringMatching(/NODE_ENV is production.*allowProduction: true/) as string,
      })
      await using emulator = await createMailgunEmulator({ allowProduction: true })
      expect(emulator.port).toBeGreaterThan(0)
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('says which port is taken, and leaves nothing listening', async () => {
    const first = await createMailgunEmulator()
    const httpPort = Number(new URL(first.httpUrl ?? '').port)

    for (const [option, port] of Object.entries({
      port: first.port,
      securePort: first.securePort,
      httpPort,
    })) {
      await expect(createMailgunEmulator({ [option]: port })).rejects.toMatchObject({
        option,
        message: `${option} ${port} is taken: choose another, or 0 for any free one.`,
      })
    }
    await first.close()
    const again = await createMailgunEmulator({ port: first.port, httpPort })
    await again.close()
  })

  test('shows no password when it is printed', async () => {
    const emulator = await createMailgunEmulator()

    expect(inspect(emulator, { depth: 5, showHidden: true })).not.toContain(
      emulator.credentials.pass,
    )
    await emulator.close()
  })

  test('closes more than once, and drops every client', async () => {
    const emulator = await createMailgunEmulator()
    const transporter = openMailClient(emulator)
    await transporter.sendMail({ from: 'a@mg.example.com', to: 'b@c.d', text: 'x' })

    await Promise.all([emulator.close(), emulator.close()])
    await emulator[Symbol.asyncDispose]()

    await expect(fetch(`${emulator.httpUrl}/emulator/v1/info`)).rejects.toThrow('fetch failed')
    expect(emulator.submissions).toHaveLength(1)
    transporter.close()
  })
})
