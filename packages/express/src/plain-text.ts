import { attributeOf, piecesOf, type Tag } from './html-pieces.ts'
import { TextLines } from './text-lines.ts'

/** What an element does to the text around it. */
interface Effect {
  /** Its content does not belong in the text of the mail. */
  readonly hides?: true
  /** This many line ends come before and after it. */
  readonly lines?: 1 | 2
  /** Comes before its content. */
  readonly before?: string
  readonly begin?: (text: MailText, attributes: string) => void
  readonly end?: (text: MailText) => void
}

function each(names: string, effect: Effect): [string, Effect][] {
  return names.split(' ').map((name) => [name, effect])
}

// What is not shown, and what begins a line. Source: https://html.spec.whatwg.org/multipage/rendering.html
const effects: ReadonlyMap<string, Effect> = new Map([
  ...each('head noscript script style svg template title', { hides: true }),
  ...each('address article aside body center dd div dt footer form header html', { lines: 1 }),
  ...each('main nav section tr', { lines: 1 }),
  ...each('blockquote dl figure h1 h2 h3 h4 h5 h6 p table', { lines: 2 }),
  ...each('ul', { lines: 2, begin: (text) => text.beginList(), end: (text) => text.endList() }),
  ...each('ol', { lines: 2, begin: (text) => text.beginList(1), end: (text) => text.endList() }),
  ...each('li', { lines: 1, begin: (text) => text.beginItem() }),
  ...each('td th', { before: ' ' }),
  ...each('br', { begin: (text) => text.lines.break() }),
  ...each('hr', { lines: 2, before: '---', begin: (text) => text.lines.end(2) }),
  ...each('img', { begin: (text, attributes) => text.show(attributeOf(attributes, 'alt') ?? '') }),
  ...each('pre', { lines: 2, begin: (text) => text.beginPre(), end: (text) => text.endPre() }),
  ...each('a', {
    begin: (text, attributes) => text.beginLink(attributeOf(attributes, 'href')),
    end: (text) => text.endLink(),
  }),
])

/** Elements without content, which have no end tag. */
const empty: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
)

/**
 * The text that an HTML mail shows, for readers without HTML: links with their address in angle brackets (RFC 3986,
 * appendix C), lists with dashes or numbers, images by their `alt`. What is hidden is left out.
 */
export function plainTextOf(html: string): string {
  const text = new MailText()
  let hidden: { readonly name: string; depth: number } | undefined
  for (const piece of piecesOf(html)) {
    if (hidden) {
      if (typeof piece === 'object' && piece.name === hidden.name) {
        hidden.depth += piece.isEnd ? -1 : 1
      }
      if (hidden.depth === 0) hidden = undefined
    } else if (typeof piece === 'string') text.show(piece)
    else if (!isHidden(piece)) text.take(piece)
    else if (!empty.has(piece.name)) hidden = { name: piece.name, depth: 1 }
  }
  return text.lines.toString()
}

function isHidden({ name, isEnd, attributes }: Tag): boolean {
  if (isEnd) return false
  if (effects.get(name)?.hides) return true
  if (attributes === '') return false
  return (
    attributeOf(attributes, 'hidden') !== undefined ||
    /(?:^|;)\s*display\s*:\s*none/i.test(attributeOf(attributes, 'style') ?? '')
  )
}

interface Link {
  readonly href: string
  /** What it shows so far. */
  text: string
}

/** The text of a mail as it grows. */
class MailText {
  readonly lines = new TextLines()
  readonly #links: Link[] = []
  /** Of each open list the number of its next item, if it counts them. */
  readonly #lists: (number | undefined)[] = []
  #pres = 0

  show(text: string): void {
    this.lines.write(text, this.#pres > 0)
    const link = this.#links.at(-1)
    if (link) link.text += text
  }

  /** Does what a tag does to the text. */
  take({ name, isEnd, attributes }: Tag): void {
    const { lines, before, begin, end } = effects.get(name) ?? {}
    if (lines) this.lines.end(lines)
    if (isEnd) return end?.(this)
    if (before) this.lines.write(before)
    begin?.(this, attributes)
  }

  beginPre(): void {
    this.#pres += 1
  }

  endPre(): void {
    this.#pres = Math.max(0, this.#pres - 1)
  }

  beginList(first?: number): void {
    this.#lists.push(first)
  }

  endList(): void {
    this.#lists.pop()
  }

  beginItem(): void {
    const number = this.#lists.at(-1)
    this.lines.write(number === undefined ? '- ' : `${number}. `)
    if (number !== undefined) this.#lists.splice(-1, 1, number + 1)
  }

  beginLink(href = ''): void {
    this.#links.push({ href: href.trim(), text: '' })
  }

  /** Writes the address of a link, unless its text says it or it leads nowhere from a mail. */
  endLink(): void {
    const { href, text } = this.#links.pop() ?? { href: '', text: '' }
    const shown = text.trim()
    const isShown = shown === href || `mailto:${shown}` === href
    if (href !== '' && !isShown && !/^(?:#|javascript:)/i.test(href)) {
      this.lines.write(` <${href}>`)
    }
  }
}
