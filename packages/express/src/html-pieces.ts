import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'

/** A tag of HTML. */
export interface Tag {
  /** In lower case. */
  readonly name: string
  readonly isEnd: boolean
  /** As they are written; {@link attributeOf} reads one. */
  readonly attributes: string
}

const tagStart = /<(\/?)([a-z][^\s/>]*)/iy

/**
 * The tags of HTML and what is between them, in their order. Comments and declarations are left out, and a tag that does not end, as
 * in a browser. It goes through the HTML once, whatever that holds.
 */
export function* piecesOf(html: string): Generator<Tag | string, void, void> {
  let at = 0
  while (at < html.length) {
    const open = endAt(html, html.indexOf('<', at))
    if (open > at) yield decoded(html.slice(at, open))
    if (html.startsWith('<!--', open)) at = after(html, '-->', open + 4)
    else if (/[!?]/.test(html.charAt(open + 1))) at = after(html, '>', open)
    else {
      tagStart.lastIndex = open
      const [start = '', slash, name] = tagStart.exec(html) ?? []
      if (name === undefined) {
        at = open + 1
        while (html.startsWith('<<', at)) at += 1
        if (open < html.length) yield html.slice(open, at)
      } else {
        const from = open + start.length
        at = tagEnd(html, from) + 1
        if (at > html.length) return
        yield {
          name: name.toLowerCase(),
          isEnd: slash === '/',
          attributes: html.slice(from, at - 1),
        }
      }
    }
  }
}

/** Far more attributes than any element has. */
const mostAttributes = 1000

/** The value of an attribute: one without a value is an empty string, one that is not there `undefined`. */
export function attributeOf(attributes: string, wanted: string): string | undefined {
  let read = 0
  for (const [, name, double, single, bare] of attributes.matchAll(
    /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g,
  )) {
    if (name?.toLowerCase() === wanted) return decodeHTMLAttribute(double ?? single ?? bare ?? '')
    read += 1
    if (read === mostAttributes) return undefined
  }
  return undefined
}

/** Where the `>` of a tag is: outside of the quotes around the value of an attribute. The end of the HTML if there is none. */
function tagEnd(html: string, from: number): number {
  let awaitsValue = false
  for (let at = from; at < html.length; at += 1) {
    const character = html.charAt(at)
    if (character === '>') return at
    if (awaitsValue && (character === '"' || character === "'")) {
      at = endAt(html, html.indexOf(character, at + 1))
    }
    awaitsValue = character === '=' || (awaitsValue && /\s/.test(character))
  }
  return html.length
}

/** Where what ends a piece is over; the end of the HTML if it does not come. */
function after(html: string, ending: string, from: number): number {
  const found = html.indexOf(ending, from)
  return found < 0 ? html.length : found + ending.length
}

function decoded(text: string): string {
  return text.includes('&') ? decodeHTML(text) : text
}

function endAt(html: string, found: number): number {
  return found < 0 ? html.length : found
}
