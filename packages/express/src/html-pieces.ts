import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'

/** A tag in HTML. */
export interface Tag {
  /** In lower case. */
  readonly name: string
  readonly isEnd: boolean
  /** As they are written; {@link attributeOf} reads one. */
  readonly attributes: string
}

// No piece is looked for beyond the next `<`, so that no input makes the search look back far.
const pieces =
  /<!--[\s\S]*?(?:-->|$)|<[!?][^<>]*>|<(?<end>\/?)(?<name>[a-z][^\s/<>]*)(?<attributes>(?:"[^"]*"|'[^']*'|[^"'<>])*)>|[^<]+|</gi

/** The tags of HTML and what is between them, as they come. Comments and declarations are left out. */
export function* piecesOf(html: string): Generator<Tag | string, void, void> {
  for (const { 0: piece, groups } of html.matchAll(pieces)) {
    const { end, name, attributes = '' } = groups ?? {}
    if (name !== undefined) yield { name: name.toLowerCase(), isEnd: end === '/', attributes }
    else if (!/^<[!?]/.test(piece)) yield decodeHTML(piece)
  }
}

/** What an attribute says: one without a value an empty text, one that is not there `undefined`. */
export function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name, double, single, bare] of attributes.matchAll(
    /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g,
  )) {
    if (name?.toLowerCase() === wanted) return decodeHTMLAttribute(double ?? single ?? bare ?? '')
  }
  return undefined
}
