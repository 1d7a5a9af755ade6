import { domainToASCII, domainToUnicode } from 'node:url'
import { InvalidOptionError, type MailgunMessage } from '@mailgun-smtp/core'

/**
 * Which recipients may be addresses that the visitor typed. A function is asked for each of them, with the address
 * exactly as it would be mailed.
 */
export type InputRecipients = boolean | ((address: string) => boolean)

/**
 * Refuses a message whose recipients or sender come from the form: a form that mails any address that a stranger names
 * is a relay for spam. Addresses in `trusted` are the app's own, even if a visitor typed the same ones.
 *
 * It finds what was typed, also after an app has decoded it, changed its case or taken characters out. It cannot know an
 * address that the app made out of the input in another way, such as by a look-up in a table.
 *
 * @throws {InvalidOptionError} naming the field, never the address.
 */
export function refuseTypedAddresses(
  message: MailgunMessage,
  typed: readonly string[],
  trusted: readonly unknown[],
  allowed: InputRecipients = false,
): void {
  const input = new TypedInput(typed)
  const own = new Set(trusted.flatMap((value) => addressesIn(value, 'to')).map(inLowerCase))
  const isForeign = (address: string) => !own.has(inLowerCase(address)) && input.holds(address)
  const { envelope } = message
  const recipients = {
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    'envelope.to': envelope?.to,
  }
  for (const [path, value] of Object.entries(recipients)) {
    const isAllowed = (address: string) =>
      typeof allowed === 'function' ? allowed(address) : allowed
    if (addressesIn(value, path).some((address) => !isAllowed(address) && isForeign(address))) {
      throw new InvalidOptionError(
        path,
        "must not come from the form, unless allowInputRecipients says so; an address of your own belongs in the action's to, where a visitor may type it too",
        'ERR_MAILGUN_INVALID_MESSAGE',
      )
    }
  }
  const senders = { from: message.from, sender: message.sender, 'envelope.from': envelope?.from }
  for (const [path, value] of Object.entries(senders)) {
    if (addressesIn(value, path).some(isForeign)) {
      throw new InvalidOptionError(
        path,
        "must not come from the form: put the visitor into replyTo, and an address of your own into the action's from",
        'ERR_MAILGUN_INVALID_MESSAGE',
      )
    }
  }
}

/** So many characters of a URL are enough to know it again. */
const urlLength = 500

/**
 * Refuses an `archiveTo` that was typed: every copy of the mail would go there.
 *
 * @throws {InvalidOptionError}
 */
export function refuseTypedArchive(
  archiveTo: string | null | undefined,
  typed: readonly string[],
): void {
  if (!archiveTo) return
  const url = letters(archiveTo.slice(0, urlLength))
  if (typed.some((text) => letters(text).includes(url))) {
    throw new InvalidOptionError('archiveTo', 'must not come from the form')
  }
}

/** What a visitor typed, as it may look once an app has worked on it. */
class TypedInput {
  readonly #fields: ReadonlySet<string>
  /** All fields in one, so that one search looks through them. */
  readonly #joined: string
  /** The same with `+`, which begins a tag; empty if none was typed. */
  readonly #tagged: string

  constructor(typed: readonly string[]) {
    const fields = typed.map(letters)
    const tagged = fields.join('\n')
    this.#fields = new Set(fields.map(withoutPlus))
    this.#joined = withoutPlus(tagged)
    this.#tagged = tagged.includes('+') ? tagged : ''
  }

  /** Whether the address is in the input, in any spelling of its domain, or is put together out of two fields. */
  holds(address: string): boolean {
    const at = address.lastIndexOf('@')
    const local = withoutPlus(letters(address.slice(0, at)))
    const domain = address.slice(at + 1)
    return [domain, domainToASCII(domain), domainToUnicode(domain)]
      .filter(Boolean)
      .map((spelling) => withoutPlus(letters(spelling)))
      .some(
        (spelling) =>
          this.#joined.includes(`${local}@${spelling}`) ||
          (this.#fields.has(local) && this.#fields.has(spelling)) ||
          this.#holdsTagged(local, spelling),
      )
  }

  /** Whether the address was typed with a tag, such as `ada+news@example.com`, and the app has taken that out. */
  #holdsTagged(local: string, domain: string): boolean {
    const beginning = `${local}+`
    let found = this.#tagged.indexOf(beginning)
    while (found >= 0) {
      const tag = found + beginning.length
      // A local part has 64 characters at most (RFC 5321 §4.5.3.1.1).
      if (this.#tagged.slice(tag, tag + 65 + domain.length).includes(`@${domain}`)) return true
      found = this.#tagged.indexOf(beginning, tag)
    }
    return false
  }
}

/** Longer than any address with a name: core refuses a longer one too. Patterns are tried on no more. */
const maxLength = 2000

/**
 * The addresses of a field as they would be mailed, and everything in it that looks like one. Too many are on the
 * safe side.
 *
 * @throws {InvalidOptionError} if one is too long for an address.
 */
function addressesIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => addressesIn(one, path))
  if (typeof value === 'object' && value !== null) {
    return addressesIn(Reflect.get(value, 'address'), path)
  }
  if (typeof value !== 'string') return []
  if (value.length > maxLength) {
    throw new InvalidOptionError(path, 'is too long for an address', 'ERR_MAILGUN_INVALID_MESSAGE')
  }
  const text = value.trim()
  const mailed = text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1) : text
  const words = text.split(/[\s<>,;:"()[\]\\]+/)
  return [...new Set([mailed, ...words])].filter((word) => word.lastIndexOf('@') > 0)
}

/** The letters, digits, `@` and `+` of a string: what is left when an app removes other characters. */
function letters(text: string): string {
  return comparable(text).replace(/[^\p{L}\p{N}@+]+/gu, '')
}

function withoutPlus(text: string): string {
  return text.replaceAll('+', '')
}

/** The string as an app may have changed it: normalised, in lower case, and decoded. */
function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('%40', '@')
}

/** With the letters A to Z as small ones. Others may be two mailboxes: `K`, the sign of Kelvin, is not `k`. */
function inLowerCase(address: string): string {
  return address.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}
