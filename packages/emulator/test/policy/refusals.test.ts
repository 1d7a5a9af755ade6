import { afterEach, describe, expect, test } from 'vitest'
import {
  createMailgunEmulator,
  type DomainState,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
} from '../../src/index.ts'
import { refusals } from '../../src/policy/refusals.ts'
import { Conversation } from '../clients/conversation.ts'

const domain = 'mg.example.com'
const sender = `a@${domain}`

const open: (MailgunEmulator | Conversation)[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function start(options: MailgunEmulatorOptions): Promise<MailgunEmulator> {
  const emulator = await createMailgunEmulator({ httpPort: false, securePort: false, ...options })
  open.push(emulator)
  return emulator
}

async function converse(emulator: MailgunEmulator, login = emulator.credentials) {
  const conversation = await Conversation.open(emulator)
  open.push(conversation)
  expect(await conversation.logIn(login)).toBe('235 Authentication successful')
  return conversation
}

describe('in place of 354', () => {
  test.each([
    [
      'unactivated',
      'Please activate your Mailgun account. Check your inbox or log in to your control panel to resend the activation email.',
    ],
    [
      'unverified',
      'The domain is unverified and requires DNS configuration. Log in to your control panel to view required DNS records.',
    ],
    ['disabled', 'Account disabled'],
    ['inactive', 'Account Inactivity'],
    ['terminated', 'Account Terminated'],
  ] satisfies [DomainState, string][])('a domain that is %s hears why', async (state, reason) => {
    const emulator = await start({ domains: [{ name: domain, state }] })
    const client = await converse(emulator)

    expect(await client.send(sender, ['b@c.d'])).toBe(
      `421 Domain ${domain} is not allowed to send: ${reason}`,
    )
    expect(await client.say('NOOP')).toMatch(/^250/)
    expect(await client.say('MAIL FROM:<a@b.c>')).toBe('250 Sender address accepted')
    expect(emulator.submissions).toEqual([])
  })

  test.each([
    [
      { name: 'sandbox12ab.mailgun.org', authorizedRecipients: ['Me@example.com'] },
      'Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    ],
    [
      { name: domain, authorizedRecipients: ['me@example.com'] },
      'Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
    ],
    [
      { name: domain, state: 'free', authorizedRecipients: ['me@example.com'] },
      'Free accounts are for test purposes only. Please upgrade or add the address to authorized recipients in Account Settings.',
    ],
  ] as const)('%j sends to authorised recipients only', async (options, reason) => {
    const client = await converse(await start({ domains: [options] }))
    const refusal = `421 Domain ${options.name} is not allowed to send: ${reason}`

    expect(await client.send(sender, ['me@EXAMPLE.com'])).toBe('250 Great success')
    expect(await client.send(sender, ['you@example.com'])).toBe(refusal)
    expect(await client.send(sender, ['me@example.com', 'you@example.com'])).toBe(refusal)
    expect(await client.send(sender, ['me@example.com'])).toBe('250 Great success')
  })

  test('a sandbox without authorised recipients sends nothing', async () => {
    const client = await converse(await start({ domains: ['sandbox12ab.mailgun.org'] }))

    expect(await client.send(sender, ['me@example.com'])).toMatch(/^421 .*Sandbox subdomains/)
  })

  test("the login's domain is judged, not the sender's", async () => {
    const emulator = await start({
      domains: [
        { name: 'good.example', credentials: [{ user: 'a@good.example', pass: 'x' }] },
        {
          name: 'bad.example',
          state: 'disabled',
          credentials: [{ user: 'a@bad.example', pass: 'y' }],
        },
      ],
    })
    const good = await converse(emulator)
    const bad = await converse(emulator, { user: 'a@bad.example', pass: 'y' })

    expect(await good.send('a@bad.example', ['b@c.d'])).toBe('250 Great success')
    expect(await bad.send('a@good.example', ['b@c.d'])).toMatch(/^421 Domain bad.example /)
  })
})

describe('quotas', () => {
  test('tell in UTC when to try again, and keep their word', async () => {
    const emulator = await start({ clock: 'virtual', limits: { perHour: 3 } })
    const client = await converse(emulator)
    expect(await client.send(sender, ['a@c.d', 'b@c.d'])).toBe('250 Great success')

    const refusal = await client.send(sender, ['a@c.d', 'b@c.d'])

    expect(refusal).toMatch(
      /^421 Domain mg\.example\.com is not allowed to send: recipient limit exceeded, try again after \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d UTC$/,
    )
    const again = Date.parse(refusal.slice(refusal.indexOf('after ') + 6).replace('UTC', 'GMT'))
    expect(await client.send(sender, ['a@c.d'])).toBe('250 Great success')
    // The third recipient has taken what was left; by then the idle are hung up on.
    emulator.clock.advance(again - emulator.clock.now().getTime() + 1_200_000)
    const later = await converse(emulator)
    expect(await later.send(sender, ['a@c.d', 'b@c.d'])).toBe('250 Great success')
    expect(emulator.ledger.count()).toBe(5)
  })

  test('count by domain, by login and by connection', async () => {
    const logins = ['a', 'b'].map((name) => ({ user: `${name}@${domain}`, pass: name }))
    const [first, second] = logins
    const emulator = await start({
      clock: 'virtual',
      credentials: logins,
      limits: { perHour: 5, perLogin: { perHour: 3 }, perConnection: { perSecond: 2 } },
    })
    const one = await converse(emulator, first)
    const again = await converse(emulator, first)
    const other = await converse(emulator, second)
    const taken = '250 Great success'
    const over = expect.stringContaining('recipient limit exceeded') as string

    expect(await one.send(sender, ['1@c.d', '2@c.d'])).toBe(taken)
    expect(await one.send(sender, ['3@c.d'])).toEqual(over)
    expect(await again.send(sender, ['3@c.d'])).toBe(taken)
    expect(await again.send(sender, ['4@c.d'])).toEqual(over)
    expect(await other.send(sender, ['4@c.d', '5@c.d'])).toBe(taken)
    emulator.clock.advance('2s')
    expect(await other.send(sender, ['6@c.d'])).toEqual(over)
    emulator.reset()
    expect(await one.send(sender, ['1@c.d', '2@c.d'])).toBe(taken)
  })

  test('a message that was refused after the dot does not count', async () => {
    const emulator = await start({
      clock: 'virtual',
      limits: { perHour: 1 },
      diagnostics: 'reject',
    })
    const client = await converse(emulator)

    expect(await client.send(sender, ['b@c.d'], 'X-Mailgun-Nonsense: 1\r\n\r\n')).toMatch(/^554/)
    expect(await client.offer(sender, ['b@c.d'])).toBe('354 Continue')
  })

  test('probation lets a hundred through, and then no login', async () => {
    const emulator = await start({
      clock: 'virtual',
      domains: [{ name: domain, state: 'probation' }],
    })
    const client = await converse(emulator)
    const hundred = Array.from({ length: 100 }, (_, at) => `${at}@c.d`)
    expect(await client.send(sender, hundred)).toBe('250 Great success')
    expect(await client.send(sender, ['b@c.d'])).toContain('recipient limit exceeded')

    const late = await Conversation.open(emulator)
    open.push(late)

    expect(await late.logIn(emulator.credentials)).toBe(
      '535 5.7.0 Your account is on probation and domains are limited to 100 messages / hour. Account will be enabled in 36 seconds',
    )
    expect(await late.untilEnd()).toBe('')
    emulator.clock.advance('36s')
    expect(await (await converse(emulator)).send(sender, ['b@c.d'])).toBe('250 Great success')
  })
})

describe('logins', () => {
  test('belong to a domain each, and are refused with a hang-up', async () => {
    const login = { user: 'a@two.example', pass: 'x' }
    const emulator = await start({
      domains: ['one.example', { name: 'two.example', credentials: [login] }],
      credentials: [{ user: 'a@one.example', pass: 'y' }],
    })
    await converse(emulator, login)
    await converse(emulator, { user: 'a@one.example', pass: 'y' })
    const wrong = await Conversation.open(emulator)
    open.push(wrong)

    expect(await wrong.logIn({ user: 'a@two.example', pass: 'y' })).toBe(
      '535 Authentication failed',
    )
    expect(await wrong.untilEnd()).toBe('')
  })

  test("'none' takes mail in clear without any, however many commands come", async () => {
    const emulator = await start({ credentials: 'none' })
    const client = await Conversation.open(emulator)
    open.push(client)

    for (let at = 0; at < 60; at++) {
      expect(await client.send(sender, ['b@c.d'])).toBe('250 Great success')
    }
    expect(emulator.submissions[0]).toMatchObject({ domain, session: { user: undefined } })
  })

  test("'none' still judges the sender's domain", async () => {
    const emulator = await start({
      credentials: 'none',
      domains: [domain, { name: 'bad.example', state: 'disabled' }],
    })
    const client = await Conversation.open(emulator)
    open.push(client)

    expect(await client.send('a@bad.example', ['b@c.d'])).toMatch(/^421 Domain bad.example/)
    expect(await client.send('a@unknown.example', ['b@c.d'])).toBe('250 Great success')
  })
})

test('the lenient take any login and any domain, in the same words', async () => {
  const emulator = await start({
    personality: 'lenient',
    domains: [{ name: domain, state: 'disabled' }, 'sandbox12ab.mailgun.org'],
    limits: { perHour: 1 },
  })
  const client = await converse(emulator, { user: 'who@ever.example', pass: 'x' })
  expect(await client.send(sender, ['b@c.d'])).toBe('250 Great success')
  expect(await client.send(sender, ['b@c.d'])).toContain('recipient limit exceeded')

  const disabled = await converse(emulator)
  expect(await disabled.send(sender, ['b@c.d'])).toBe('250 Great success')
  const stranger = await Conversation.open(emulator)
  open.push(stranger)
  expect(await stranger.send(sender, ['b@c.d'])).toBe('550 5.7.1 Relaying denied')
})

test('a header that cannot be read is refused as Mailgun was seen to', async () => {
  const emulator = await start({})
  const client = await converse(emulator)

  expect(await client.send(sender, ['b@c.d'], 'Subject: x\r\nno field\r\n')).toBe(
    '451 Failed to parse header: malformed data; unexpected EOF',
  )
  expect(await client.send(sender, ['b@c.d'], 'Subject: x\r\n')).toBe('250 Great success')
})

test('limits on the size of things are what the session goes by', async () => {
  const emulator = await start({ limits: { messageBytes: 100, recipients: 2 } })
  const client = await converse(emulator)

  expect(await client.say(`MAIL FROM:<${sender}> SIZE=101`)).toMatch(/^552/)
  expect(await client.send(sender, ['1@c.d'], `S: x\r\n\r\n${'y'.repeat(100)}\r\n`)).toMatch(/^552/)
  expect(await client.send(sender, ['1@c.d', '2@c.d', '3@c.d'])).toMatch(/^452/)
})

test('every refusal names its source, and leaves no blank it cannot fill', () => {
  for (const { text, source } of Object.values(refusals)) {
    expect(source).not.toBe('')
    expect(text.replace(/<(?:domain|date|seconds|code)>/g, '')).not.toMatch(/[<>]/)
  }
})
