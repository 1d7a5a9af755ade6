/** The text between the tags, in one pass: hostile HTML may open a thousand of them. */
export function shownText(html: string): string {
  let text = ''
  let hiddenBy: string | undefined
  // A piece is a tag, or the text before the next tag. Each piece is read once.
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

/** HTML's text, with the entities replaced that mails use. */
export function withoutEntities(value: string): string {
  return value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (all, ...found) => {
    const [decimal, hex, name] = found as (string | undefined)[]
    if (name !== undefined) return entities[name.toLowerCase()] ?? all
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
