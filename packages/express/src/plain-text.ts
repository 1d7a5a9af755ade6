import { decodeHTML, decodeHTMLAttribute } from 'entities/decode'

/** What an element does to the text around it. */
interface Effect {
  /** Its content is no text of the mail. */
  readonly hides?: true
  /** So many line ends stand before and after it. */
  readonly lines?: 1 | 2
  /** Stands before its content. */
  readonly before?: string
}

function each(names: string, effect: Effect): [string, Effect][] {
  return names.split(' ').map((name) => [name, effect])
}

// What is not shown, and what begins a line. Source: https://html.spec.whatwg.org/multipage/rendering.html
const effects: ReadonlyMap<string, Effect> = new Map([
  ...each('head noscript script style svg template title', { hides: true }),
  ...each('address article aside body center dd div dt footer form header html', { lines: 1 }),
  ...each('main nav section tr', { lines: 1 }),
  ...each('blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul', { lines: 2 }),
  ...each('hr', { lines: 2, before: '---' }),
  ...each('li', { lines: 1, before: '- ' }),
  ...each('td th', { before: ' ' }),
])

/** Elements without content, which have no end tag. */
const empty: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
)

// No piece is looked for beyond the next `<`, so that no input makes the search look back far.
const pieces =
  /<!--[\s\S]*?(?:-->|$)|<[!?][^<>]*>|<(?<end>\/?)(?<name>[a-z][^\s/<>]*)(?<attributes>(?:"[^"]*"|'[^']*'|[^"'<>])*)>|[^<]+|</gi

/**
 * The text that an HTML mail shows, for readers without HTML: links with their address in angle brackets (RFC 3986,
 * appendix C), lists with dashes, images by their `alt`. What is hidden is left out.
 */
export function plainTextOf(html: string): string {
  const text = new Lines()
  const links: Link[] = []
  let hidden: { readonly name: string; depth: number } | undefined
  let preformatted = 0
  const show = (shown: string): void => {
    text.write(shown, preformatted > 0)
    const link = links.at(-1)
    if (link) link.text += shown
  }
  for (const { 0: piece, groups } of html.matchAll(pieces)) {
    const { end, name: tag, attributes = '' } = groups ?? {}
    const name = tag?.toLowerCase()
    const step = end === '/' ? -1 : 1
    if (hidden) {
      if (name === hidden.name) hidden.depth += step
      if (hidden.depth === 0) hidden = undefined
      continue
    }
    if (name === undefined) {
      if (!/^<[!?]/.test(piece)) show(decodeHTML(piece))
      continue
    }
    const { hides, lines, before } = effects.get(name) ?? {}
    if (step === 1 && (hides || isHidden(attributes))) {
      if (!empty.has(name)) hidden = { name, depth: 1 }
      continue
    }
    if (lines) text.end(lines)
    if (name === 'br') text.break()
    if (name === 'pre') preformatted = Math.max(0, preformatted + step)
    if (name === 'img') show(attributeOf(attributes, 'alt') ?? '')
    if (name === 'a') {
      if (step === 1) links.push({ href: attributeOf(attributes, 'href'), text: '' })
      else text.write(addressOf(links.pop()))
    }
    if (step === 1 && before) text.write(before)
    if (name === 'hr') text.end(2)
  }
  return text.toString()
}

interface Link {
  readonly href: string | undefined
  /** What it shows so far. */
  text: string
}

/** The address of a link, unless its text says it or it leads nowhere from a mail. */
function addressOf(link: Link | undefined): string {
  const href = link?.href?.trim() ?? ''
  if (href === '' || /^(?:#|javascript:)/i.test(href)) return ''
  const shown = link?.text.trim()
  return shown === href || `mailto:${shown}` === href ? '' : ` <${href}>`
}

function isHidden(attributes: string): boolean {
  return (
    attributeOf(attributes, 'hidden') !== undefined ||
    /(?:^|;)\s*display\s*:\s*none/i.test(attributeOf(attributes, 'style') ?? '')
  )
}

function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name, double, single, bare] of attributes.matchAll(
    /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g,
  )) {
    if (name?.toLowerCase() === wanted) return decodeHTMLAttribute(double ?? single ?? bare ?? '')
  }
  return undefined
}

/** Lines of text, with HTML's rules for white space. */
class Lines {
  #text = ''
  #breaks = 0
  #space = false

  /** Writes text; unless it is preformatted, its white space is one space. */
  write(text: string, preformatted = false): void {
    const words = preformatted ? text : text.replace(/[ \t\n\r\f]+/g, ' ')
    const content = preformatted ? words : words.trim().length > 0 ? words : ''
    if (words.startsWith(' ') || content === '') this.#space ||= words !== ''
    if (content === '') return
    if (this.#text !== '') {
      this.#text += this.#breaks > 0 ? '\n'.repeat(this.#breaks) : this.#space ? ' ' : ''
    }
    this.#breaks = 0
    this.#space = !preformatted && content.endsWith(' ')
    this.#text += preformatted ? content : content.replace(/^ | $/g, '')
  }

  /** Ends the line, and leaves at least so many line ends. */
  end(breaks: 1 | 2): void {
    this.#breaks = Math.max(this.#breaks, breaks)
    this.#space = false
  }

  break(): void {
    this.#breaks = Math.min(this.#breaks + 1, 2)
    this.#space = false
  }

  toString(): string {
    return this.#text
  }
}
