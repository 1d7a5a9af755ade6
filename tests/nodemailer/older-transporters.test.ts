import { attachMailgun, createMailer } from '@mailgun-smtp/core'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { mailgun } from '@mailgun-smtp/express'
import { MailgunModule } from '@mailgun-smtp/nestjs'
import { createTransport } from 'nodemailer'
import { createTransport as createTransport6 } from 'nodemailer-6'
import { createTransport as createTransport7 } from 'nodemailer-7'
import { createTransport as createTransport8 } from 'nodemailer-8'
import { createTransport as createTransport9 } from 'nodemailer-9'
import { expect, expectTypeOf, test } from 'vitest'

interface Server {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string }
  readonly tls: { readonly ca: string }
}

// Each door is called with each version's own type: without a cast, this file compiles only if the doors take them all.
const versions = [
  ['6', (server: Server) => doorsOf(createTransport6(server))],
  ['7', (server: Server) => doorsOf(createTransport7(server))],
  ['8', (server: Server) => doorsOf(createTransport8(server))],
  ['9', (server: Server) => doorsOf(createTransport9(server))],
  ['10', (server: Server) => doorsOf(createTransport(server))],
] as const

function doorsOf(transporter: Parameters<typeof attachMailgun>[0]) {
  return {
    transporter: attachMailgun(transporter),
    mailer: createMailer(transporter),
    middleware: mailgun(transporter),
    module: MailgunModule.forRoot({ mailer: transporter }),
  }
}

const from = 'shop@mg.example.com'

test.each(versions)(
  'a transporter of nodemailer %s sends with options',
  async (_version, doors) => {
    await using emulator = await createMailgunEmulator()
    const { host, port, secure, auth, tls } = emulator.transport
    const { transporter, mailer, middleware } = doors({
      host,
      port,
      secure,
      auth,
      tls: { ca: String(tls.ca) },
    })
    const options = { tags: ['order'] }

    const receipt = await mailer.send({ from, to: 'ada@example.com', text: 'x', mailgun: options })
    await middleware.mailer.send({ from, to: 'bob@example.com', text: 'x', mailgun: options })
    await transporter.sendMail({ from, to: 'eve@example.com', text: 'x', mailgun: options })

    expect(receipt.accepted).toEqual(['ada@example.com'])
    for (const to of ['ada@example.com', 'bob@example.com', 'eve@example.com']) {
      const { submission } = await emulator.waitFor({ to })
      expect(submission.options.tags).toEqual(['order'])
    }
    await mailer.close()
  },
)

test('what sendMail resolves with keeps the type of the transporter', () => {
  const six = attachMailgun(createTransport6({ jsonTransport: true }))
  const ten = attachMailgun(createTransport({ jsonTransport: true }))

  expectTypeOf<Awaited<ReturnType<typeof six.sendMail>>>().not.toBeUnknown()
  expectTypeOf(six.sendMail({ to: 'ada@example.com' })).resolves.toHaveProperty('messageId')
  expectTypeOf(ten.sendMail({ to: 'ada@example.com' })).resolves.toHaveProperty('messageId')
})
