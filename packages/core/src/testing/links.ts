import type { MailBody } from './mail.ts'

/** Every address that a mail links to, in order, each once: those of the HTML, then those in the plain text. */
export function linksIn({ text, html = '' }: MailBody): readonly string[] {
  const hrefs = Array.from(
    html.matchAll(/<a\s[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi),
    ([, double, single, bare]) => withoutEntities(double ?? single ?? bare ?? '').trim(),
  )
  const written = Array.from(
    text.matchAll(/\bhttps?:\/\/[^\s<>"]+/gi),
    // Punctuation after a link belongs to the sentence.
    ([link]) => link.replace(/[.,;:!?'\])}]+$/, ''),
  )
  return [...new Set([...hrefs, ...written])]
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
}

function withoutEntities(value: string): string {
  return value.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|apos|gt|lt|quot));/gi,
    (all, ...found) => {
      const [decimal, hex, name] = found as (string | undefined)[]
      if (name !== undefined) return entities[name.toLowerCase()] ?? all
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : all
    },
  )
}
