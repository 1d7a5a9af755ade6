/** One mailbox of an address field. */
export interface NamedAddress {
  readonly name: string
  readonly address: string
}

/** No field of a thousand addresses is longer (RFC 5321 §4.5.3.1.3). */
const longestField = 1_000_000

/**
 * The mailboxes of an address field in any of nodemailer's forms: a string of one or several, an object, a list. It
 * goes over a string once, refuses nothing and leaves out what has no address; a mailer's own reading is stricter.
 */
export function mailboxesIn(field: unknown): NamedAddress[] {
  if (Array.isArray(field)) return field.flatMap(mailboxesIn)
  if (typeof field === 'object' && field !== null) {
    const address: unknown = Reflect.get(field, 'address')
    const name: unknown = Reflect.get(field, 'name')
    if (typeof address !== 'string' || !address.includes('@')) return []
    return [{ name: typeof name === 'string' ? name : '', address: address.trim() }]
  }
  if (typeof field !== 'string') return []
  return splitList(field.slice(0, longestField)).flatMap(readOne)
}

/** Mailgun takes 1,000 recipients a message; this many are enough to say that there are more. */
const mostMailboxes = 5000

/** Cuts at the commas and semicolons that are neither in quotes nor in angle brackets. */
function splitList(list: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  let isInBrackets = false
  for (let at = 0; at < list.length && parts.length < mostMailboxes; at += 1) {
    const character = list[at]
    if (character === '\\' && isQuoted) at += 1
    else if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === '<') isInBrackets = true
    else if (character === '>') isInBrackets = false
    else if ((character === ',' || character === ';') && !isInBrackets) {
      parts.push(list.slice(start, at))
      start = at + 1
    }
  }
  parts.push(list.slice(start))
  return parts
}

function readOne(mailbox: string): NamedAddress[] {
  const open = mailbox.lastIndexOf('<')
  const close = mailbox.indexOf('>', open)
  const isNamed = open >= 0 && close > open
  const address = (isNamed ? mailbox.slice(open + 1, close) : mailbox).trim()
  if (!address.includes('@')) return []
  const name = isNamed ? mailbox.slice(0, open).trim() : ''
  // A quoted name, without its quotes and what escapes in it.
  return [{ name: name.replace(/^"([^]*)"$/, '$1').replace(/\\(.)/gs, '$1'), address }]
}
