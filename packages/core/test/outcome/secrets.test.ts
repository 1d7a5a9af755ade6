import { describe, expect, test } from 'vitest'
import { createTransport } from 'nodemailer'
import { attachMailgun } from '../../src/index.ts'
import { failedSend, shownBy } from '../scripted-server/failed-send.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Moment, Script } from '../scripted-server/scripted-session.ts'

const canaries = {
  from: 'canary-from@example.com',
  to: 'canary-to@example.net',
  name: 'Canary Name',
  subject: 'canary-subject',
  body: 'canary-body',
  variable: 'canary-variable',
  ...auth,
}

const message = {
  from: { name: canaries.name, address: canaries.from },
  to: canaries.to,
  subject: canaries.subject,
  text: canaries.body,
  mailgun: { variables: { secret: canaries.variable }, tags: ['canary-tag'] },
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** What a careless server might repeat: all it was told, as it was told and encoded as AUTH encodes. */
const everything = [
  canaries.to,
  canaries.from,
  `<${canaries.to.toUpperCase()}>`,
  auth.user,
  auth.pass,
  base64(auth.user),
  base64(auth.pass),
  base64(`\0${auth.user}\0${auth.pass}`),
].join(' ')

/** What of the secrets shows in an error, however it is logged. */
function leaksOf(error: Error): string[] {
  const shown = shownBy(error)
  const encoded = [auth.user, auth.pass, `\0${auth.user}\0${auth.pass}`].map(base64)
  return [...(shown.match(/canary.*/gi) ?? []), ...encoded.filter((text) => shown.includes(text))]
}

const moments: readonly Moment[] = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'dot']

describe.each([false, true])('pool: %s', (pool) => {
  test.each(moments)(
    'a server that repeats all it was told at %s is not repeated',
    async (moment) => {
      // Refused otherwise, nodemailer says HELO and goes on.
      for (const code of moment === 'ehlo' ? [421] : [421, 554]) {
        const { error } = await failedSend(
          { script: { [moment]: `${code}-${everything}\r\n${code} ${everything}` } },
          { pool },
          message,
        )

        expect(error.reply?.code).toBe(code)
        expect(leaksOf(error)).toEqual([])
      }
    },
  )

  test.each<[string, Script]>([
    ['at MAIL', { mail: { drop: 'end' } }],
    ['after the dot', { dot: { drop: 'end' } }],
    ['after the dot with half a reply', { dot: { drop: 'end', after: `250-${everything}` } }],
  ])('a connection that ends %s shows nothing', async (_name, script) => {
    const { error } = await failedSend({ script }, { pool }, message)

    expect(leaksOf(error)).toEqual([])
  })
})

test('the cause keeps the command and the reply code, and nothing else', async () => {
  const { error } = await failedSend({ script: { rcpt: `550 ${everything}` } }, {}, message)

  expect(error.cause).toEqual({ command: 'RCPT TO', responseCode: 550 })
})

test('a login in clear is not repeated either where the server only knows AUTH LOGIN', async () => {
  const { error, server } = await failedSend(
    {
      script: {
        ehlo: '250-x\r\n250 AUTH LOGIN',
        auth: (line) => `535 ${line} ${everything}`,
      },
    },
    {},
    message,
  )

  expect(server.lines).toContain(base64(auth.pass))
  expect(leaksOf(error)).toEqual([])
})

test('a login that the message brings is a secret too', async () => {
  await using server = await ScriptedServer.open({ script: { auth: (line) => `535 ${line}` } })
  const transporter = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true })
  const own = { user: 'canary-own@mg.example.com', pass: 'canary-own-pass' }

  const error = await attachMailgun(transporter)
    .sendMail({ ...message, auth: own })
    .catch((reason: unknown) => reason as Error)

  expect(server.lines.join('\n')).toContain(base64(`\0${own.user}\0${own.pass}`))
  expect(leaksOf(error as Error)).toEqual([])
  expect(shownBy(error as Error)).not.toContain(base64(`\0${own.user}\0${own.pass}`))
})
