/** An attribute of a tag. */
export interface HtmlAttribute {
  /** The whole of it lies from here, the white space before its name, to its end. */
  readonly start: number
  readonly end: number
  /** As written, without quotes; empty if there is none. */
  readonly value: string
  /** Where the value begins, behind its quote. */
  readonly valueStart: number
}

/** A tag of an HTML text. */
export interface HtmlTag {
  /** In lower case: `a`, `/body`, `!doctype`. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** Those that were asked for; of several of one name the first, as browsers have it. */
  readonly attributes: ReadonlyMap<string, HtmlAttribute>
}

// The content of these elements is text, even if it looks like tags.
const textElements = new Set(['script', 'style', 'textarea', 'title', 'xmp'])

/**
 * The tags of an HTML text, in order, as browsers find them: none in comments, scripts and style sheets. Takes linear
 * time, however hostile the text.
 *
 * @see https://html.spec.whatwg.org/multipage/parsing.html#tokenization
 */
export function* htmlTags(
  html: string,
  attributes: ReadonlySet<string> = new Set(),
): Generator<HtmlTag> {
  let at: number | undefined = html.indexOf('<')
  while (at !== undefined && at !== -1) {
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 2)
      at = end === -1 ? undefined : html.indexOf('<', end)
      continue
    }
    const name = tagName(html, at + 1)
    if (name === undefined) {
      at = html.indexOf('<', at + 1)
      continue
    }
    const tag = readTag(html, at, name, attributes)
    // A tag without an end is not a tag, and nothing after it is either.
    if (!tag) return
    yield tag
    at = textElements.has(tag.name) ? endTag(html, tag) : html.indexOf('<', tag.end)
  }
}

// Each pattern is sticky: set its lastIndex before you use it.
const patterns = {
  tagName: /!doctype|\/?[a-z][^\s/>]*/iy,
  between: /[\s/]*/y,
  attributeName: /[^\s/>][^\s/>=]*/y,
  blanks: /\s*/y,
  bareValue: /[^\s>]*/y,
} as const

function tagName(html: string, start: number): string | undefined {
  patterns.tagName.lastIndex = start
  return patterns.tagName.exec(html)?.[0]
}

// More than any tag has; one with more is read as one that does not end.
const mostAttributes = 10_000

function readTag(
  html: string,
  start: number,
  name: string,
  wanted: ReadonlySet<string>,
): HtmlTag | undefined {
  const attributes = new Map<string, HtmlAttribute>()
  let at = start + 1 + name.length
  for (let count = 0; count <= mostAttributes; count++) {
    const nameStart = skip(patterns.between, html, at)
    if (nameStart >= html.length) return undefined
    if (html[nameStart] === '>') {
      return { name: name.toLowerCase(), start, end: nameStart + 1, attributes }
    }
    const nameEnd = skip(patterns.attributeName, html, nameStart)
    const value = readValue(html, nameEnd)
    if (!value) return undefined
    const attribute = html.slice(nameStart, nameEnd).toLowerCase()
    if (wanted.has(attribute) && !attributes.has(attribute)) {
      attributes.set(attribute, { start: at, ...value })
    }
    at = value.end
  }
  return undefined
}

/** Undefined if its quote does not end. */
function readValue(html: string, nameEnd: number): Omit<HtmlAttribute, 'start'> | undefined {
  const equals = skip(patterns.blanks, html, nameEnd)
  if (html[equals] !== '=') return { value: '', valueStart: nameEnd, end: nameEnd }
  const at = skip(patterns.blanks, html, equals + 1)
  const quote = html[at]
  if (quote !== '"' && quote !== "'") {
    const end = skip(patterns.bareValue, html, at)
    return { value: html.slice(at, end), valueStart: at, end }
  }
  const end = html.indexOf(quote, at + 1)
  if (end === -1) return undefined
  return { value: html.slice(at + 1, end), valueStart: at + 1, end: end + 1 }
}

/** Where the pattern, which is sticky, ends that begins here. */
function skip(pattern: RegExp, html: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(html)?.[0].length ?? 0)
}

/** Where the end tag of an element is that holds text only; undefined if it has none. */
function endTag(html: string, { name, end }: HtmlTag): number | undefined {
  const pattern = new RegExp(`</${name}[\\s/>]`, 'gi')
  pattern.lastIndex = end
  return pattern.exec(html)?.index
}
