import { htmlTags, writtenLinks } from '@mailgun-smtp/core/matchers'

/**
 * A mail's HTML as a page: images from the mail itself, links in new tabs, and no tab that a link opens can reach the
 * one it came from. Linear in its length.
 */
export function sandboxed(
  html: string,
  imageUrl: (contentId: string) => string | undefined,
): string {
  const at = endOfHead(html)
  // A link that opened inside the frame would be blocked there. A mail's own <base> cannot undo this: the first counts.
  const page = `${html.slice(0, at)}<base target="_blank">${html.slice(at)}`
  return withInlineImages(withoutOwnTargets(page, at), imageUrl)
}

/** A mail that has no HTML: its text, with its links. */
export function asPage(text: string): string {
  let shown = ''
  let end = 0
  for (const { start, link } of writtenLinks(text)) {
    const address = escaped(link)
    shown += `${escaped(text.slice(end, start))}<a href="${address}">${address}</a>`
    end = start + link.length
  }
  shown += escaped(text.slice(end))
  return `<!doctype html><base target="_blank"><meta name="color-scheme" content="light dark"><title>Text</title><pre style="white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; margin: 1rem">${shown}</pre>`
}

function escaped(text: string): string {
  const references: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  }
  return text.replace(/[&<>"]/g, (character) => references[character] ?? character)
}

const opening = new Set(['!doctype', 'html', 'head'])

/** Where the first thing is that is neither blank nor a comment nor the beginning of the head. */
function endOfHead(html: string): number {
  let at = 0
  for (;;) {
    while (at < html.length && /\s/.test(html.charAt(at))) at++
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4)
      if (end === -1) return at
      at = end + 3
      continue
    }
    const name = /^<(!doctype|html|head)(?=[\s>])/i.exec(html.slice(at, at + 12))?.[1]
    const end = name && opening.has(name.toLowerCase()) ? html.indexOf('>', at) : -1
    if (end === -1) return at
    at = end + 1
  }
}

const opens: ReadonlySet<string> = new Set(['target', 'rel', 'http-equiv'])

/** Takes out what would let a link reach the tab that it is in, or a mail go elsewhere by itself. */
function withoutOwnTargets(html: string, from: number): string {
  let kept = ''
  let end = 0
  for (const { name, start, attributes } of htmlTags(html, opens)) {
    const isMeta = name === 'meta'
    // Ours is the first <base>.
    if (name === 'base' && start === from) continue
    for (const [attribute, { start: from, end: to }] of attributes) {
      if (isMeta !== (attribute === 'http-equiv')) continue
      if (name === 'link' && attribute === 'rel') continue
      kept += html.slice(end, from)
      end = to
    }
  }
  return kept + html.slice(end)
}

function withInlineImages(
  html: string,
  imageUrl: (contentId: string) => string | undefined,
): string {
  return html.replace(
    /\bcid:([^\s"'<>)]{1,1000})/gi,
    (link, reference: string) => imageUrl(decoded(reference)) ?? link,
  )
}

function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference)
  } catch {
    // A stray per cent sign: the reference is meant as it is.
    return reference
  }
}
