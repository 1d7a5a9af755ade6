import { InvalidOptionError } from '../outcome/errors.ts'

/** One mailbox (RFC 5322 §3.4): a plain address and the name shown with it. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

const localPart =
  /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u
const domainLabel = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u

/** What nearly every address is: no rule below can refuse it but those of length and of `xn--`. */
const plainAddress =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

/** A quoted name, and what its quotes must not hold. Each part begins with a character that no other part can. */
const quotedName = /^"(?:[^"\\]|\\.)*"$/s

/** Words without the characters that could begin another address. */
const plainName = /^[^"<>@,;:()[\]\\]*$/

const oneAddress = 'must be one address'

/** The usual mistakes in an address field. */
const quoteTheName =
  'quote the name if it holds any of ( ) [ ] , ; : @ as in "Support (Billing)" <help@example.com>'

/** Longer than any name and address together; it bounds what the patterns are tried on. */
const maxLength = 2000

/** A line of a header has at most 998 characters, some of them the field's name and the address. */
const longestWord = 900

/**
 * Reads a field of one mailbox: a string, which is one address or refused, or `{ name, address }`.
 * What is returned is what the envelope will carry; nothing is guessed.
 *
 * @throws {InvalidOptionError} naming the path.
 */
export function readMailbox(value: unknown, path: string): Mailbox {
  if (typeof value === 'string') return readText(value, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, `${oneAddress}, a string or { name, address }`)
  }
  const name: unknown = Reflect.get(value, 'name')
  const address: unknown = Reflect.get(value, 'address')
  if (name !== undefined && typeof name !== 'string')
    throw invalid(`${path}.name`, 'must be a string')
  if (typeof address !== 'string') throw invalid(`${path}.address`, oneAddress)
  return {
    name: checkName(name ?? '', `${path}.name`),
    address: checkAddress(address, `${path}.address`),
  }
}

/**
 * Reads a field of any number of mailboxes. Each string of a list is one address.
 *
 * @throws {InvalidOptionError} naming the path of the entry.
 */
export function readMailboxes(value: unknown, path: string): Mailbox[] {
  if (!Array.isArray(value)) return [readMailbox(value, path)]
  return Array.from(value, (item: unknown, index) => readMailbox(item, `${path}[${index}]`))
}

function readText(text: string, path: string): Mailbox {
  if (text.length > maxLength) throw invalid(path, 'is too long for an address')
  const trimmed = text.trim()
  const open = trimmed.lastIndexOf('<')
  if (open < 0) return { name: '', address: checkAddress(trimmed, path) }
  const words = trimmed.slice(0, open).trim()
  const isQuoted = quotedName.test(words)
  if (!trimmed.endsWith('>') || !(isQuoted || plainName.test(words))) {
    throw invalid(path, `${oneAddress}; ${quoteTheName}`)
  }
  const name = isQuoted ? words.slice(1, -1).replace(/\\(.)/gs, '$1') : words
  const address = trimmed.slice(open + 1, -1)
  return { name: checkName(name, path), address: checkAddress(address, path) }
}

function checkName(name: string, path: string): string {
  if (name.length > maxLength) throw invalid(path, 'is too long for a name')
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) {
    throw invalid(path, 'must hold no control characters in its name')
  }
  // What cannot be folded makes a line too long (RFC 5322 §2.1.1).
  if (name.split(/\s/).some((word) => word.length >= longestWord))
    throw invalid(path, 'must hold no word of over 900 characters')
  return name
}

/** An address whose every reader finds the same local part and domain; quoted local parts and address literals are refused. */
function checkAddress(address: string, path: string): string {
  const at = address.lastIndexOf('@')
  if (
    at <= 64 &&
    address.length - at < 254 &&
    plainAddress.test(address) &&
    !/xn--/i.test(address)
  ) {
    return address
  }
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (
    at < 1 ||
    new TextEncoder().encode(local).length > 64 ||
    domain.length > 253 ||
    !localPart.test(local) ||
    !domain.split('.').every((label) => label.length < 64 && domainLabel.test(label)) ||
    // What is not an international domain (UTS 46), such as a broken xn-- label, is encoded or decoded into another domain.
    (/[^\x20-\x7e]|(?:^|\.)xn--/iu.test(domain) && !URL.canParse(`http://${domain}`)) ||
    // Wide or composed letters, which a server would fold into another domain.
    domain.normalize('NFKC') !== domain
  ) {
    throw invalid(path, `${oneAddress}, such as ada@example.com or Ada <ada@example.com>`)
  }
  return address
}

function invalid(path: string, rule: string): InvalidOptionError {
  return new InvalidOptionError(path, rule, 'ERR_MAILGUN_INVALID_MESSAGE')
}
