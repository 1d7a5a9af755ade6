// What the options cost beside writing the same headers by hand.
import { buildHeaders, parseHeaders } from '@mailgun-smtp/core/headers'
import MimeNode from 'nodemailer/lib/mime-node'
import { compare, heading } from './compare.mjs'

const few = { tags: ['welcome', 'account'], trackOpens: false, variables: { customer: 42 } }
const many = {
  recipientVariables: Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [`user${n}@example.com`, { first: `Name ${n}`, id: n }]),
  ),
}
const fields = Object.entries(buildHeaders(many)).flatMap(([name, values]) =>
  values.map(({ value }) => [name, value]),
)

const repeat = (work) => (count) => {
  for (let n = 0; n < count; n += 1) work()
}

heading()
await compare(
  'three options',
  20_000,
  {
    name: 'JSON.stringify by hand',
    run: repeat(() => ({
      'X-Mailgun-Tag': few.tags,
      'X-Mailgun-Track-Opens': 'no',
      'X-Mailgun-Variables': JSON.stringify(few.variables),
    })),
  },
  { name: 'buildHeaders', run: repeat(() => buildHeaders(few)) },
)
const name = 'X-Mailgun-Recipient-Variables'
const ofText = {
  name: 'nodemailer of a text',
  run: repeat(() => block({ [name]: JSON.stringify(many.recipientVariables) })),
}
const toBytes = {
  name: 'buildHeaders',
  run: repeat(() => Buffer.from(buildHeaders(many)[name][0].value)),
}
await compare(
  'variables of 1,000 recipients, to bytes',
  400,
  { name: 'JSON.stringify alone', run: repeat(() => JSON.stringify(many.recipientVariables)) },
  toBytes,
)
await compare('variables of 1,000 recipients, beside a text', 100, ofText, toBytes)
await compare('variables of 1,000 recipients, to the bytes of a header block', 100, ofText, {
  name: 'nodemailer of buildHeaders',
  run: repeat(() => block(buildHeaders(many))),
})
await compare(
  'variables of 1,000 recipients, read',
  400,
  { name: 'JSON.parse', run: repeat(() => JSON.parse(fields[0][1].replaceAll('\r\n', ''))) },
  { name: 'parseHeaders', run: repeat(() => parseHeaders(fields)) },
)

/** As nodemailer writes the headers of a message. */
function block(headers) {
  const node = new MimeNode('text/plain')
  node.addHeader(headers)
  return Buffer.from(node.buildHeaders())
}
