import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { diagnose, type Diagnosis } from '../../src/doctor/diagnose.ts'
import type { MailgunConfig } from '../../src/index.ts'
import { certificates } from '../scripted-server/certificates.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Moment, Stage } from '../scripted-server/scripted-session.ts'
import { runCommand, urlOf } from '../fakes/fake-terminal.ts'

/** What is found on a server that plays the stage, on its one port. */
async function diagnoseStage(
  stage: Stage,
  config: Partial<MailgunConfig> = {},
  timeout?: number,
): Promise<Diagnosis> {
  await using server = await ScriptedServer.open(stage)
  return await diagnose({ ...server.config, ...config }, { timeout })
}

describe('what works', () => {
  test.each([
    ['STARTTLS', { tls: 'starttls' }, ['TCP', 'greeting', 'STARTTLS', 'TLS', 'login']],
    ['implicit TLS', { tls: 'implicit' }, ['TCP', 'TLS', 'greeting', 'login']],
    ['plaintext to this machine', {}, ['TCP', 'greeting', 'login']],
  ] satisfies [string, Stage, string[]][])('%s', async (_, stage, passed) => {
    const { works, advice, servers } = await diagnoseStage(stage)

    expect(works).toBe(true)
    expect(advice).toMatch(/^Nothing needs to change: port \d+ of 127\.0\.0\.1 takes the login\.$/)
    expect(servers).toMatchObject([{ host: '127.0.0.1', ports: [{ passed }] }])
  })

  test('tells what TLS agreed on', async () => {
    const { servers } = await diagnoseStage({ tls: 'starttls' })

    expect(servers[0]?.ports[0]?.tls).toEqual({
      version: 'TLSv1.3',
      certificate: { from: '2020-01-01', until: '2120-01-01' },
    })
  })

  test('logs in by AUTH LOGIN where PLAIN is not offered', async () => {
    await using server = await ScriptedServer.open({
      script: { ehlo: '250-id\r\n250 AUTH LOGIN' },
    })

    expect(await diagnose(server.config)).toMatchObject({ works: true })
    expect(server.lines.slice(1, 4)).toEqual([
      'AUTH LOGIN',
      Buffer.from(auth.user).toString('base64'),
      Buffer.from(auth.pass).toString('base64'),
    ])
  })

  test('sends nothing, and says goodbye', async () => {
    await using server = await ScriptedServer.open()
    await diagnose(server.config)

    expect(server.lines.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'AUTH', 'QUIT'])
  })
})

const silent = { silence: true } as const

const hindrances: readonly [
  string,
  Stage,
  Partial<MailgunConfig>,
  fault: string,
  advice: RegExp,
][] = [
  [
    'a session refused',
    { script: { greeting: '554 No' } },
    {},
    'session-refused',
    /^The server refuses the session on port/,
  ],
  [
    'no SMTP',
    { script: { greeting: 'HTTP/1.1 400 Bad Request' } },
    {},
    'not-smtp',
    /is not an SMTP server/,
  ],
  ['a lost connection', { script: { ehlo: { drop: 'end' } } }, {}, 'lost', /was lost/],
  [
    'no STARTTLS',
    {},
    { requireTLS: undefined },
    'starttls-absent',
    /^STARTTLS is stripped on the way to port/,
  ],
  [
    'STARTTLS refused',
    { tls: 'starttls', script: { starttls: '454 Not now' } },
    {},
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'TLS on a port without',
    {},
    { secure: true, requireTLS: undefined },
    'tls-failed',
    /could not be agreed/,
  ],
  [
    'an expired certificate',
    { tls: 'starttls', certificate: 'expired' },
    { tls: { ca: certificates.expired } },
    'certificate-expired',
    /^The certificate expired on 2021-01-01:/,
  ],
  [
    'a certificate for another name',
    { tls: 'implicit', certificate: 'elsewhere' },
    { tls: { ca: certificates.elsewhere } },
    'certificate-name',
    /another name than 127\.0\.0\.1/,
  ],
  [
    'a certificate from an unknown CA',
    { tls: 'starttls' },
    { tls: {} },
    'certificate-authority',
    /NODE_EXTRA_CA_CERTS/,
  ],
  ['no login', { script: { ehlo: '250 id' } }, {}, 'login-absent', /offers no login/],
  [
    'a login refused',
    { script: { auth: '535 Authentication failed' } },
    {},
    'login-refused',
    /^Check, in this order: login and password/,
  ],
  [
    'a login that cannot be checked',
    { script: { auth: '454 Later' } },
    {},
    'login-deferred',
    /cannot check the login on port \d+ now: try again later\.$/,
  ],
  [
    'a quota',
    { script: { auth: '535 5.7.0 Account will be enabled in 60 seconds' } },
    {},
    'account-refused',
    /quota/,
  ],
]

describe('an obstacle is found at its step', () => {
  test.each(hindrances)('%s', async (_, stage, config, fault, advice) => {
    const diagnosis = await diagnoseStage(stage, config)

    expect(diagnosis).toMatchObject({ works: false, servers: [{ ports: [{ fault }] }] })
    expect(diagnosis.advice).toMatch(advice)
    expect(diagnosis.advice).toMatch(/^[A-Z].*[^.]\.$/)
  })

  test('a port without a server', async () => {
    const { works, advice, servers } = await diagnose(await closedConfig())

    expect({ works, servers }).toMatchObject({
      works: false,
      servers: [{ ports: [{ failed: 'TCP', fault: 'closed' }] }],
    })
    expect(advice).toMatch(/^Port \d+ is blocked from here: see that host and port are right/)
  })

  test('a name that does not resolve', async () => {
    const { works, advice, servers } = await diagnose({
      ...(await closedConfig()),
      requireTLS: undefined,
      host: 'nobody.invalid',
    })

    expect({ works, servers }).toEqual({
      works: false,
      servers: [{ host: 'nobody.invalid', addresses: [], ports: [] }],
    })
    expect(advice).toMatch(/^The name nobody\.invalid does not resolve/)
  })

  test.each(['greeting', 'ehlo', 'auth'] satisfies Moment[])(
    'a server that says nothing at %s',
    async (moment) => {
      const script = { [moment]: silent }
      const { advice, servers } = await diagnoseStage({ script }, {}, 1000)

      expect(servers).toMatchObject([{ ports: [{ fault: 'silent' }] }])
      expect(advice).toMatch(/^Port \d+ opens, but no server answers: /)
    },
  )

  test('a server whose line never ends', async () => {
    const after = `220 ${'x'.repeat(70_000)}`
    const { servers } = await diagnoseStage({ script: { greeting: { drop: 'end', after } } })

    expect(servers).toMatchObject([{ ports: [{ failed: 'greeting', fault: 'not-smtp' }] }])
  })
})

describe('the login', () => {
  test('is never made where the certificate is not good', async () => {
    await using server = await ScriptedServer.open({ tls: 'starttls', certificate: 'elsewhere' })
    await diagnose({ ...server.config, tls: { ca: certificates.elsewhere } })

    expect(server.commands('AUTH')).toEqual([])
  })

  test('is never made in clear where TLS is demanded', async () => {
    await using server = await ScriptedServer.open()
    await diagnose({ ...server.config, requireTLS: undefined })

    expect(server.commands('AUTH')).toEqual([])
  })

  test('is made with an unknown certificate, if the config of this machine allows it', async () => {
    const tls = { rejectUnauthorized: false }

    expect(await diagnoseStage({ tls: 'starttls' }, { tls })).toMatchObject({ works: true })
  })

  test('is tried once only when it is refused', async () => {
    const stage: Stage = { script: { auth: '535 Authentication failed' } }
    await using first = await ScriptedServer.open(stage)
    await using second = await ScriptedServer.open(stage)
    await diagnose({ ...first.config, fallbackPorts: [second.port] })

    expect([first.commands('AUTH').length, second.commands('AUTH').length]).toEqual([1, 0])
  })

  test('that looks like an API key is called one', async () => {
    const pass = `key-${'0'.repeat(32)}`
    const stage: Stage = { script: { auth: '535 Authentication failed' } }

    expect((await diagnoseStage(stage, { auth: { ...auth, pass } })).advice).toContain('API key')
  })
})

describe('the other ports', () => {
  test('one that works is advised where the configured one does not', async () => {
    await using good = await ScriptedServer.open()
    await using bad = await ScriptedServer.open({ script: { greeting: '554 No' } })
    const { works, advice } = await diagnose({ ...bad.config, fallbackPorts: [good.port] })

    expect(works).toBe(false)
    expect(advice).toBe(
      `Use port ${good.port}: the server refuses the session on port ${bad.port}.`,
    )
  })

  test('one to fall back on is enough where the first cannot be reached', async () => {
    await using good = await ScriptedServer.open()
    const { works, advice } = await diagnose({
      ...(await closedConfig()),
      fallbackPorts: [good.port],
    })

    expect(works).toBe(true)
    expect(advice).toMatch(/^Mail is sent, by a fallback: port \d+ is blocked from here, and port/)
  })
})

describe('the other region', () => {
  test('is asked when the login is refused, with one login', async () => {
    await using regions = await twoRegions('eu')

    expect(await regions.diagnose('us')).toMatchObject({
      works: false,
      advice:
        "The login belongs to the other region: set region: 'eu' (MAILGUN_SMTP_REGION, or @eu in the URL).",
      servers: [{ region: 'us' }, { region: 'eu' }],
    })
    expect(regions.logins()).toEqual({ us: 1, eu: 4 })
  })

  test('is left alone when the login is taken', async () => {
    await using regions = await twoRegions('us')

    expect(await regions.diagnose('us')).toMatchObject({ works: true })
    expect(regions.logins()).toEqual({ us: 4, eu: 0 })
  })

  test('is asked once when neither knows the login', async () => {
    await using regions = await twoRegions(undefined)
    const { advice } = await regions.diagnose('eu')

    expect(advice).toMatch(/^Check, in this order: login and password/)
    expect(advice).not.toContain('region')
    expect(regions.logins()).toEqual({ us: 1, eu: 1 })
  })

  test('is named by its host where the config names a host', async () => {
    await using regions = await twoRegions('us')
    const { advice } = await regions.diagnose('eu', {
      host: 'smtp.eu.mailgun.org',
      region: undefined,
    })

    expect(advice).toContain("set host: 'smtp.mailgun.org' (MAILGUN_SMTP_SERVER,")
  })
})

describe('mailgun-smtp doctor', () => {
  test('prints one screen, and ends with 0 when all is well', async () => {
    await using server = await ScriptedServer.open()
    const { code, printed, complaints } = await runCommand(['doctor', '--url', urlOf(server)])

    expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
    expect(printed).toBe(
      `Login …@mg.example.com

127.0.0.1: 127.0.0.1
  port              TCP   greeting  STARTTLS  TLS  login
  ${`${server.port} configured`.padEnd(16)}  open  yes                      taken

✓ Nothing needs to change: port ${server.port} of 127.0.0.1 takes the login.
`,
    )
  })

  test('reads the environment, and ends with 1 when something must change', async () => {
    await using server = await ScriptedServer.open({
      script: { auth: '535 Authentication failed' },
    })
    const environment = { MAILGUN_SMTP_URL: urlOf(server) }
    const { code, printed } = await runCommand(['doctor'], { environment })

    expect(code).toBe(1)
    expect(printed).toContain('refused (535 Authentication failed)')
    expect(printed).toMatch(/\n✗ Check, in this order: [^\n]+\n$/)
  })

  test('prints the same as one line of JSON', async () => {
    await using server = await ScriptedServer.open()
    const { printed } = await runCommand(['doctor', '--json', '--url', urlOf(server)])

    expect(printed).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(printed)).toMatchObject({
      works: true,
      port: server.port,
      domain: 'mg.example.com',
    })
  })

  test('lets no reply steer the terminal', async () => {
    const script = { auth: '535 No \u001b[2J\u009b31m\u0007' }
    await using server = await ScriptedServer.open({ script })
    const { printed } = await runCommand(['doctor', '--url', urlOf(server)])

    expect(printed).toContain('535 authentication credentials invalid')
    expect(printed).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  test('gives a step no more time than it was told', async () => {
    await using server = await ScriptedServer.open({ script: { greeting: silent } })
    const args = ['doctor', '--timeout', '0.2', '--url', urlOf(server)]

    expect(await runCommand(args)).toMatchObject({ code: 1 })
  })

  test('stops when it is interrupted, and leaves no connection', async () => {
    await using server = await ScriptedServer.open({ script: { auth: silent } })
    const interruption = new AbortController()
    const command = runCommand(['doctor', '--url', urlOf(server)], { signal: interruption.signal })
    const reason = new Error('interrupted')
    const ended = command.catch((error: unknown) => error)
    await server.heard(/^AUTH/)
    interruption.abort(reason)

    expect(await ended).toBe(reason)
    await server.deserted()
  })

  test.each([
    ['accepted', {}],
    ['refused', { script: { auth: `535 No ${auth.user} ${auth.pass}` } }],
    ['echoed', { script: { auth: (line) => `535 No ${line}` } }],
    ['refused at the greeting', { script: { greeting: `554 ${auth.user} ${auth.pass}` } }],
  ] satisfies [string, Stage][])('shows neither login nor password: %s', async (_, stage) => {
    await using server = await ScriptedServer.open(stage)
    const secrets = [auth.user, auth.pass, `\0${auth.user}\0${auth.pass}`].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64'),
    ])
    for (const format of [[], ['--json']]) {
      const { printed } = await runCommand(['doctor', ...format, '--url', urlOf(server)])

      expect(printed).not.toBe('')
      for (const secret of [...secrets, 'canary-login']) expect(printed).not.toContain(secret)
    }
  })
})

/** A config for a port on this machine where nothing listens any more. */
async function closedConfig(): Promise<MailgunConfig> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  const port = typeof address === 'object' && address ? address.port : 0
  return { auth, host: '127.0.0.1', port, secure: false, requireTLS: false }
}

/** Mailgun's two regions, four ports each, one of which knows the login. */
async function twoRegions(knowing: 'us' | 'eu' | undefined) {
  const stage = (region: string): Stage => ({
    tls: 'starttls',
    ...(region === knowing ? {} : { script: { auth: '535 Authentication failed' } }),
  })
  const opened: ScriptedServer[] = []
  const open = async (region: string) => {
    const starttls = await ScriptedServer.open(stage(region))
    const implicit = await ScriptedServer.open({ ...stage(region), tls: 'implicit' })
    opened.push(starttls, implicit)
    return { starttls, implicit }
  }
  const servers = { us: await open('us'), eu: await open('eu') }
  return {
    diagnose: (region: 'us' | 'eu', config: Partial<MailgunConfig> = {}) =>
      diagnose(
        { auth, region, tls: { ca: certificates.localhost, servername: 'localhost' }, ...config },
        {
          connectTo: (host, port) => {
            const { starttls, implicit } = servers[host === 'smtp.mailgun.org' ? 'us' : 'eu']
            return { host: '127.0.0.1', port: (port === 465 ? implicit : starttls).port }
          },
        },
      ),
    logins: () => {
      const count = ({ starttls, implicit }: (typeof servers)['us']) =>
        starttls.commands('AUTH').length + implicit.commands('AUTH').length
      return { us: count(servers.us), eu: count(servers.eu) }
    },
    [Symbol.asyncDispose]: async () => {
      for (const server of opened) await server[Symbol.asyncDispose]()
    },
  }
}
