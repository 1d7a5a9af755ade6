import { htmlTags } from './html-tags.ts'

const hrefOnly = new Set(['href'])

/** The addresses that a mail links to: those of the HTML's links, then those written in the plain text; each once. */
export function linksIn(text: string, html = ''): readonly string[] {
  const hrefs: string[] = []
  for (const { name, attributes } of htmlTags(html, hrefOnly)) {
    if (name === 'a') hrefs.push(linkOf(attributes.get('href')?.value ?? ''))
  }
  const written = Array.from(writtenLinks(text), ({ link }) => link)
  return [...new Set([...hrefs, ...written])].filter((link) => link !== '')
}

/** The address that the value of an `href` means. */
export function linkOf(href: string): string {
  return withoutEntities(href).trim()
}

/** The addresses written in a plain text, and where they begin. */
export function* writtenLinks(
  text: string,
): Generator<{ readonly start: number; readonly link: string }> {
  for (const { 0: found, index } of text.matchAll(/\bhttps?:\/\/[^\s<>"]+/gi)) {
    // Punctuation after a link belongs to the sentence.
    yield { start: index, link: found.replace(/[.,;:!?'\])}]{1,5}$/, '') }
  }
}

/**
 * The numbers of 4 to 8 digits on their own, `123 456` and `123-456` among them (given without what parts them);
 * each once. What is part of a link, a decimal, a price or a longer number is none, and no mail's style sheet has one.
 */
export function codesIn(text: string, html = ''): readonly string[] {
  const read = [text, shownText(html)].map((each) => each.replace(/\bhttps?:\/\/\S+/gi, ' '))
  const found = read.flatMap((each) =>
    Array.from(
      each.matchAll(/(?<![\w$€£#&/+@.,:-])(?:\d{4,8}|\d{3}[ -]\d{3})(?![\w%@/]|[-.,:]\d| \d)/g),
      ([code]) => code.replace(/[ -]/, ''),
    ),
  )
  return [...new Set(found)]
}

/** The text between the tags, in one pass: hostile HTML may open a thousand of them. */
export function shownText(html: string): string {
  let text = ''
  let hiddenBy: string | undefined
  // A piece is a tag, or the text up to the next one; none is looked at twice.
  for (const [piece] of html.matchAll(/<[^<>]*>?|[^<]+/g)) {
    const isTag = piece.startsWith('<') && piece.endsWith('>')
    const [, slash, name] = (isTag && /^<(\/?)(style|script|title)\b/i.exec(piece)) || []
    if (name === undefined) {
      if (hiddenBy === undefined) text += isTag || piece === '<' ? ' ' : piece
    } else if (slash === '') {
      hiddenBy ??= name.toLowerCase()
    } else if (hiddenBy === name.toLowerCase()) {
      hiddenBy = undefined
    }
  }
  return withoutEntities(text)
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
}

function withoutEntities(value: string): string {
  return value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (all, ...found) => {
    const [decimal, hex, name] = found as (string | undefined)[]
    if (name !== undefined) return entities[name.toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
