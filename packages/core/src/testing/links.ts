import { htmlTags } from './html-tags.ts'
import { withoutEntities } from './shown-text.ts'

const hrefOnly = new Set(['href'])

/** The addresses that a mail links to: those of the HTML's links, then those in the plain text, each once. */
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
