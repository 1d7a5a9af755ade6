/** Something in a mail that is another one with each run, whatever was sent. */
interface VolatilePart {
  readonly what: string
  readonly pattern: RegExp
  /** Put in its place; a `#` counts different ones, in the order in which they first appear. */
  readonly stable: string
  readonly source: string
}

/** In the value of one header, by its name in lower case. */
const inHeaders: readonly (VolatilePart & { readonly header: string })[] = [
  {
    what: 'Date',
    header: 'date',
    pattern: /^.*$/s,
    stable: '[date]',
    source: 'RFC 5322 §3.6.1: when the mail was made',
  },
  {
    what: 'Message-ID',
    header: 'message-id',
    pattern: /^.*$/s,
    stable: '<message-id>',
    source: 'RFC 5322 §3.6.4: unique to the mail',
  },
  {
    what: 'boundary',
    header: 'content-type',
    pattern: /\bboundary=(?:"[^"]*"|[^\s;]+)/i,
    stable: 'boundary="[boundary]"',
    source: 'nodemailer: 16 random digits for each mail',
  },
  {
    what: 'id of a hop',
    header: 'received',
    pattern: /\bid\s+[^\s;]+/i,
    stable: 'id [id]',
    source: "RFC 5321 §4.4: the server's own name for the transaction",
  },
  {
    what: 'time of a hop',
    header: 'received',
    pattern: /;[^;]*$/,
    stable: '; [date]',
    source: 'RFC 5321 §4.4',
  },
  {
    what: 'account, recipient and message in one',
    header: 'x-mailgun-sid',
    pattern: /^.*$/s,
    stable: '[sid]',
    source: 'delivered mail: base64 that holds the hash of a message',
  },
  {
    what: 'id of a batch',
    header: 'x-mailgun-batch-id',
    pattern: /^.*$/s,
    stable: '[id]',
    source: 'delivered mail',
  },
  {
    what: 'signature, body hash and times',
    header: 'dkim-signature',
    pattern: /(^|;)(\s*(?:b|bh|t|x)=)[^;]*/g,
    stable: '$1$2[…]',
    source: 'RFC 6376 §3.5: they cover Date, Message-ID and the boundaries',
  },
]

/** Anywhere in what is shown of a mail; each row sees what those before it left. */
const anywhere: readonly VolatilePart[] = [
  {
    what: 'Message-ID that nodemailer made',
    pattern: /<[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}@[^\s<>]+>/gi,
    stable: '<message-id>',
    source: 'nodemailer: a UUID at the domain of From',
  },
  {
    what: 'Message-ID that Mailgun made',
    pattern: /<\d{14}\.[\da-f]{16}@[^\s<>]+>/gi,
    stable: '<message-id>',
    source: "Mailgun's FAQ: <yyyymmddhhmmss.hex@domain>",
  },
  {
    what: 'server on this machine',
    pattern:
      /\b(https?):\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?![\w:-]|\.[\w-])/gi,
    stable: '$1://loopback',
    source: 'RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3; tests listen on any free port',
  },
  {
    what: 'token of a tracked link, an open or an unsubscription',
    pattern: /\b(https?:\/\/(?:loopback|email\.[\w.-]+)\/[cou]\/)[\w.~=-]{20,}/gi,
    stable: '$1[token]',
    source: 'delivered mail: http://email.<domain>/c/<token>; the emulator uses its own address',
  },
  {
    what: 'domain of a checkout',
    pattern: /(?<![\w-])[\da-f]{12}\.example(?![\w-]|\.[\w-])/g,
    stable: 'checkout.example',
    source: "the emulator's checkout(): 12 random digits",
  },
  {
    what: 'Content-ID that nodemailer made',
    pattern: /\b[\da-f]{20}@localhost\b/g,
    stable: '[cid #]',
    source: 'nodemailer, attachDataUrls: 20 random digits',
  },
]

/** The value of a header without what is another one with each run. */
export function stableHeader(name: string, value: string): string {
  const header = name.toLowerCase()
  return inHeaders
    .filter((part) => part.header === header)
    .reduce((text, { pattern, stable }) => text.replace(pattern, stable), value)
}

/** A description of a mail without the parts that differ in each run. */
export function stableText(text: string): string {
  return anywhere.reduce(withStable, text)
}

function withStable(text: string, { pattern, stable }: VolatilePart): string {
  if (!stable.includes('#')) return text.replaceAll(pattern, stable)
  const counted = new Map<string, string>()
  return text.replaceAll(pattern, (found) => {
    const name = counted.get(found) ?? stable.replace('#', String(counted.size + 1))
    counted.set(found, name)
    return name
  })
}
