import { describe, expect, test } from 'vitest'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Stage } from '../scripted-server/scripted-session.ts'
import { runCommand, urlOf, type Circumstances, type Ended } from '../fakes/fake-terminal.ts'

const sender = 'canary-sender@mg.example.com'
const recipient = 'canary-recipient@example.net'

interface Sent extends Ended {
  readonly bodies: readonly string[]
  readonly lines: readonly string[]
}

async function send(
  args: readonly string[],
  stage: Stage = {},
  circumstances: Circumstances = {},
): Promise<Sent> {
  await using server = await ScriptedServer.open(stage)
  const addresses = ['--url', urlOf(server), '--from', sender, '--to', recipient]
  const ended = await runCommand(['send', ...addresses, ...args], circumstances)
  const { bodies, lines } = server
  return { ...ended, bodies, lines }
}

describe('send', () => {
  test('has the mail dropped, and says so', async () => {
    const { code, printed, complaints, bodies } = await send([])

    expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatch(/^X-Mailgun-Drop-Message: yes\r$/m)
    expect(printed).toMatch(
      /^✓ accepted 250 Great success\n {2}Message-ID <\S+>\n {2}Mailgun logs it and drops it: --for-real delivers\.\n$/,
    )
  })

  test('delivers it with --for-real', async () => {
    const { code, printed, bodies } = await send(['--for-real'])

    expect(code).toBe(0)
    expect(bodies[0]).not.toContain('Drop-Message')
    expect(printed).not.toContain('--for-real')
  })

  test('sets the options, the subject and both bodies', async () => {
    const { bodies } = await send(
      [
        '--subject',
        'Hello',
        '--html',
        '<p>-</p>',
        '-',
        '--option',
        'tags=a',
        '--option',
        'track=no',
      ],
      {},
      { input: 'from standard input\n' },
    )

    const [body] = bodies
    expect(body).toMatch(/^Subject: Hello\r$/m)
    expect(body).toMatch(/^X-Mailgun-Tag: a\r$/m)
    expect(body).toMatch(/^X-Mailgun-Track: no\r$/m)
    expect(body).toContain('from standard input')
    expect(body).toContain('<p>-</p>')
  })

  test.each(['--text', '--html'])('%s - reads standard input', async (flag) => {
    const { bodies } = await send([flag, '-'], {}, { input: 'from standard input' })

    expect(bodies[0]).toContain('from standard input')
  })

  test('prints the outcome as one line of JSON', async () => {
    const { printed } = await send(['--json'])

    expect(printed).toMatch(/^[^\n]+\n$/)
    const { messageId, ...result } = JSON.parse(printed) as Record<string, unknown>
    expect(messageId).toMatch(/^<.+>$/)
    expect(result).toEqual({
      outcome: 'accepted',
      reply: { code: 250, text: 'Great success' },
      accepted: 1,
      refused: [],
      attempts: 1,
      dropped: true,
    })
  })

  test('warns of what Mailgun may not do as meant, and sends all the same', async () => {
    const { code, complaints } = await send(['--option', 'templateVersion=v2'])

    expect(code).toBe(0)
    expect(complaints).toContain('templateName')
  })

  test('colours only where colour is wanted', async () => {
    const [plain, coloured] = await Promise.all([send([]), send([], {}, { color: true })])

    expect(plain.printed).not.toContain('\u001b')
    expect(coloured.printed).toContain('\u001b[32m✓')
  })
})

const outcomes: Readonly<Record<string, { stage: Stage; code: number; outcome: string }>> = {
  'a message refused for ever': {
    stage: { script: { dot: '554 No' } },
    code: 1,
    outcome: 'rejected',
  },
  'a reply that never comes': {
    stage: { script: { dot: { drop: 'end' } } },
    code: 3,
    outcome: 'unknown',
  },
  'a refused login': {
    stage: { script: { auth: '535 Authentication failed' } },
    code: 78,
    outcome: 'deferred',
  },
}

describe('the exit code is the outcome', () => {
  test.each(Object.entries(outcomes))('%s', async (_, { stage, code, outcome }) => {
    const [text, json] = await Promise.all([send([], stage), send(['--json'], stage)])

    expect([text.code, json.code]).toEqual([code, code])
    expect(text.printed).toMatch(new RegExp(`^✗ ${outcome} `))
    const result = JSON.parse(json.printed) as Record<string, unknown>
    expect(result).toMatchObject({ outcome })
    expect(text.printed).toContain(result.message)
  })

  test('75 when it was not taken, and can be when it is sent again', async () => {
    const { code, printed, bodies } = await send([], {}, { signal: AbortSignal.abort() })

    expect({ code, bodies }).toEqual({ code: 75, bodies: [] })
    expect(printed).toMatch(/^✗ deferred /)
  })

  test('4 when some recipients were refused', async () => {
    const refuseFirst = (_: string, time: number) =>
      time === 1 ? `550 No such user ${recipient}` : undefined
    const args = ['--to', 'other@example.net', '--to', 'third@example.net']
    const { code, printed } = await send(args, { script: { rcpt: refuseFirst } })

    expect(code).toBe(4)
    expect(printed).toContain('✗ one recipient rejected 550 mailbox unavailable')
  })
})

test('lets no reply steer the terminal', async () => {
  const escape = '\u001b[2J\u009b31m'
  for (const script of [{ dot: `250 Yes ${escape}` }, { dot: `554 No ${escape}` }]) {
    const { printed } = await send([], { script })

    expect(printed).not.toBe('')
    expect(printed).not.toMatch(/(?!\n)\p{Cc}/u)
  }
})

test.each([
  ['accepted', {}],
  ['refused at login', { script: { auth: `535 No ${auth.user} ${auth.pass}` } }],
  ['refused at RCPT', { script: { rcpt: `550 No ${recipient}` } }],
  ['lost', { script: { dot: { drop: 'end' } } }],
] satisfies [string, Stage][])('prints no login, address or body: %s', async (_, stage) => {
  for (const format of [[], ['--json']]) {
    const { printed, complaints } = await send(['--text', 'canary-body', ...format], stage)

    expect(printed).not.toBe('')
    // The Message-ID has the domain of the sender, as in every mail.
    expect(printed + complaints).not.toContain('canary')
  }
})
