import { createMailer, InvalidOptionError, type MailgunMessage } from '@mailgun-smtp/core'
import fc from 'fast-check'
import { createTransport, type Transport } from 'nodemailer'
import { domainToASCII } from 'node:url'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz/fuzz.ts'
import { canary, hostileText, spoilt } from './fuzz/hostile-text.ts'

const plain = fc
  .tuple(
    fc.constantFrom('ada', 'a.b', "o'hara+x=1", 'žofie', 'дар', '%recipient_email%'),
    fc.constantFrom('b.test', 'bücher.example', 'пример.испытание', 'localhost', 'B.Test'),
    fc.constantFrom('', 'Ada ', '"Lovelace, Ada" ', 'Žofie ', '"\\"x\\" <y@z.test>" '),
  )
  .map(([local, domain, name]) =>
    name === '' ? `${local}@${domain}` : `${name}<${local}@${domain}>`,
  )

const text = fc.oneof(spoilt(plain), hostileText, fc.string())

const address = fc.oneof(
  text,
  fc.record({ name: fc.oneof(hostileText, fc.string()), address: text }),
  fc.record({ address: fc.oneof(text, fc.anything()), name: fc.anything() }),
)

/** Where an address stands, and the message with it there. */
const places: Readonly<Record<string, (address: unknown) => object>> = {
  to: (to) => ({ to }),
  'to[0]': (to) => ({ to: [to] }),
  cc: (cc) => ({ to: [], cc }),
  bcc: (bcc) => ({ to: [], bcc }),
  from: (from) => ({ from }),
  sender: (sender) => ({ sender }),
  replyTo: (replyTo) => ({ replyTo }),
  'envelope.from': (from) => ({ envelope: { from, to: 'ada@example.net' } }),
  'envelope.to': (to) => ({ envelope: { from: 'shop@example.com', to } }),
}

interface Left {
  readonly from: string | false
  readonly to: readonly string[]
  readonly block: string
}

test('an address is refused by its path, or is the one that was looked at', async () => {
  const left: Left[] = []
  const inner: Transport = {
    name: 'kept',
    version: '1',
    send: ({ message }, done) => {
      left.push({ ...message.getEnvelope(), block: message.buildHeaders() })
      done(null, { envelope: message.getEnvelope(), messageId: message.messageId() })
    },
  }
  await using mailer = createMailer(createTransport(inner))
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(places)),
    address,
    async (path, given) => {
      left.length = 0
      const message = {
        from: 'shop@example.com',
        to: 'ada@example.net',
        text: 'Hi',
        ...places[path]?.(given),
      } as MailgunMessage

      const error: unknown = await mailer.send(message).then(
        () => undefined,
        (reason: unknown) => reason,
      )

      if (error === undefined) expectOne(left, path, given)
      else expectRefusal(error, path)
    },
  )

  await fuzz('addresses', property, { cases: 10_000, atNight: 60_000 })
})

function expectRefusal(error: unknown, path: string): void {
  expect(error).toBeInstanceOf(InvalidOptionError)
  const { path: refused, message } = error as InvalidOptionError
  expect(refused.startsWith(path.replace(/\[\d\]$/, '')) || refused === 'to').toBe(true)
  expect(message).not.toContain(canary)
  expect(message).toMatch(/^[\x20-\x7e]*$/)
}

function expectOne(left: readonly Left[], path: string, given: unknown): void {
  expect(left).toHaveLength(1)
  const { from, to, block }: Left = left[0] ?? { from: false, to: [], block: '' }
  expect(to).toHaveLength(1)
  for (const one of [from || 'shop@example.com', ...to]) {
    expect(one).toMatch(/^[^\s<>,;:"()[\]\\\p{Cc}\p{Cs}]+$/u)
  }
  const isSender = path.endsWith('from')
  // Neither a sender beside From nor the address of replies is told to the server.
  const isTold = path !== 'sender' && path !== 'replyTo'
  if (isSender || !isTold) expect(to).toEqual(['ada@example.net'])
  const carried = isSender ? from : isTold && to[0]
  // An empty sender is that of a notification; what is absent was not given.
  if (typeof carried === 'string' && given !== undefined && given !== null) {
    const [local, domain] = seen(given)
    const at = carried.lastIndexOf('@')
    expect(carried.slice(0, at)).toBe(local)
    expect(domainToASCII(carried.slice(at + 1))).toBe(domainToASCII(domain))
  }
  expect(block).not.toMatch(/\r(?!\n)|(?<!\r)\n/)
  expect(block).not.toMatch(/^(?:Bcc|RCPT)/m)
}

/** The local part and the domain, as anybody would read them from a text of one address. */
function seen(given: unknown): [local: string, domain: string] {
  const text: unknown = typeof given === 'string' ? given : Reflect.get(Object(given), 'address')
  const all = String(text).trim()
  const address =
    typeof given === 'string' && all.endsWith('>') ? all.slice(all.lastIndexOf('<') + 1, -1) : all
  const at = address.lastIndexOf('@')
  return [address.slice(0, at), address.slice(at + 1)]
}
