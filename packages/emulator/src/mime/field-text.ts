import { decodeText } from '@mailgun-smtp/core/matchers'
import { addressesIn } from './mail-address.ts'

/** A mailbox to be read: `Ada <ada@example.com>`. */
export function formatMailbox(name: string, address: string): string {
  if (name === '') return address
  const display = /[()<>[\]:;@\\,."]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
  return `${display} <${address}>`
}

const addressFields = new Set(['to', 'from', 'cc', 'reply-to', 'sender'])

/** A header field as it goes on the wire: non-ASCII text as encoded words, lines folded at spaces. */
export function writeField(name: string, value: string): string {
  const isAddressField = addressFields.has(name.toLowerCase())
  const text = isAddressField ? encodeAddresses(value) : encodeWords(value)
  return `${fold(`${name}: ${text}`)}\r\n`
}

function encodeAddresses(value: string): string {
  return addressesIn(value)
    .map(({ name, address }) =>
      isAscii(name) ? formatMailbox(name, address) : `${encodeWords(name)} <${address}>`,
    )
    .join(', ')
}

function encodeWords(value: string): string {
  const words: string[] = []
  let run: string[] = []
  for (const word of [...value.split(' '), undefined]) {
    if (word !== undefined && !isAscii(word)) {
      run.push(word)
      continue
    }
    if (run.length > 0) words.push(...encodedWords(run.join(' ')))
    run = []
    if (word !== undefined) words.push(word)
  }
  return words.join(' ')
}

/** RFC 2047 allows 75 characters a word and no character cut in two. */
function encodedWords(text: string): readonly string[] {
  const words: string[] = []
  let chunk = ''
  for (const character of text) {
    if (Buffer.byteLength(chunk + character) > 45) {
      words.push(encodedWord(chunk))
      chunk = ''
    }
    chunk += character
  }
  return [...words, encodedWord(chunk)]
}

function encodedWord(text: string): string {
  return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
}

function fold(line: string): string {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    // The first line begins with the field's name, which is never alone on a line.
    const isFull = current.length + 1 + word.length > 76 && !/^\S+:$/.test(current)
    if (current !== '' && isFull) {
      lines.push(current)
      current = ` ${word}`
    } else {
      current = current === '' ? word : `${current} ${word}`
    }
  }
  return [...lines, current].join('\r\n')
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

/** The decoded value of the first header of this name; empty if there is none. */
export function headerText(
  headers: readonly (readonly [name: string, value: string])[],
  name: string,
): string {
  const value = headers.find(([each]) => each.toLowerCase() === name)?.[1]
  return value === undefined ? '' : decodeText(value)
}
