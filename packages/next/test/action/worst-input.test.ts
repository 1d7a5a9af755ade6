import { expect, test } from 'vitest'
import { z } from 'zod'
import type { MailActionSettings } from '../../src/action/action-settings.ts'
import { mailActionReading } from '../../src/action/mail-action.ts'
import { refuseTypedAddresses, refuseTypedArchive } from '../../src/protection/typed-addresses.ts'
import { emulated } from '../contact/emulated.ts'
import { idle } from '../contact/contact-form.ts'

const local = emulated()

/** What a stranger may send at most: Next.js takes no form over 1 MB. */
const megabyte = 1_000_000
/** Just under the limit of an action for all of a form's texts. */
const allowed = 90_000

/**
 * The milliseconds that a run takes: the least of ten runs, of its time and of its work, as other processes slow it down.
 * One run is enough if it is quick.
 */
async function shortest(run: () => unknown): Promise<number> {
  let best = Infinity
  for (let at = 0; at < 10 && best >= 100; at += 1) {
    const [began, work] = [performance.now(), process.cpuUsage()]
    await run()
    const { user, system } = process.cpuUsage(work)
    best = Math.min(best, performance.now() - began, (user + system) / 1000)
  }
  return best
}

const schema = z.object({ email: z.string(), text: z.string().optional() })
const careless = {
  schema,
  from: 'form@mg.example.com',
  rateLimit: false,
  onError: () => {},
  limits: { fieldLength: megabyte },
  attachments: { fields: ['file'] },
  // As careless as an app can be: what was typed goes wherever a mail has a place for it.
  message: ({ email, text }: z.infer<typeof schema>) => ({
    to: email,
    cc: { name: email, address: email },
    replyTo: text,
    subject: `${email} ${text}`,
    text,
    mailgun: { archiveTo: email },
  }),
} as const

function submit(
  fields: Readonly<Record<string, string | File>>,
  headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' },
): Promise<unknown> {
  const settings: MailActionSettings<typeof schema> = { mailer: local.mailer, ...careless }
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  return mailActionReading(settings, () => Promise.resolve(new Headers(headers)))(idle, data)
}

const units = [
  'a',
  '.',
  '. ',
  ' ',
  '<',
  '<>',
  '>',
  '@',
  'a@',
  '"',
  '(',
  '\\',
  '\r\n',
  '\u202E',
  'ﷺ',
  '%40',
  '/',
  '+',
  'a+b@c ',
]
const filled = (unit: string, length: number) =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

test.each(units)(
  'a field of %j blocks the process for less than 100 ms',
  async (unit) => {
    for (const length of [allowed, megabyte]) {
      const text = filled(unit, length)
      expect(await shortest(() => submit({ email: text, text: 'Hi' }))).toBeLessThan(100)
      expect(await shortest(() => submit({ email: `ada@example.net`, text }))).toBeLessThan(100)
    }
  },
  30_000,
)

test.each(units)(
  'a file name of %j blocks the process for less than 100 ms',
  async (unit) => {
    for (const name of [
      filled(unit, 95_000),
      filled(unit, megabyte),
      `${filled(unit, allowed)}.pdf`,
    ]) {
      expect(
        await shortest(() => submit({ email: 'a', file: new File(['x'], name) })),
      ).toBeLessThan(100)
    }
  },
  30_000,
)

test.each(units)(
  'a field name of %j blocks the process for less than 100 ms',
  async (unit) => {
    expect(await shortest(() => submit({ email: 'a', [filled(unit, allowed)]: 'x' }))).toBeLessThan(
      100,
    )
  },
  30_000,
)

test.each(['origin', 'host', 'x-forwarded-host', 'x-forwarded-for', 'sec-fetch-site'])(
  'a long header %s blocks the process for less than 100 ms',
  async (name) => {
    for (const unit of ['a', '.', ',', '[', ']', ':', '%', 'http://', '1.1.1.1,', '/']) {
      const headers = { host: 'a.test', origin: 'http://a.test', [name]: filled(unit, megabyte) }
      expect(await shortest(() => submit({ email: 'a' }, headers))).toBeLessThan(100)
    }
  },
  30_000,
)

test.each<[string, unknown]>([
  ['a long list', Array.from({ length: megabyte / 2 }, () => 1)],
  ['a long text', 'a'.repeat(megabyte)],
  ['a deep list', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
])('a bound argument blocks the process for less than 100 ms: %s', async (_, bound) => {
  const action = mailActionReading(
    { mailer: local.mailer, ...careless, boundSchema: z.tuple([z.any()]), to: 'owner@example.com' },
    () => Promise.resolve(new Headers({ 'Sec-Fetch-Site': 'same-origin' })),
  )
  const data = new FormData()
  data.append('email', 'a')

  expect(await shortest(() => action(bound, idle, data))).toBeLessThan(100)
})

test.each(units)('the check of addresses is quick for %j, up to the limits', async (unit) => {
  const text = filled(unit.normalize('NFKC'), allowed)
  const check = () => {
    refuseTypedAddresses({ to: 'owner@example.com' }, [text], [])
    refuseTypedArchive(`https://${text}`, ['owner@example.com', 'x'.repeat(allowed)])
  }

  expect(await shortest(check)).toBeLessThan(100)
})
