import type { MessageAttachment, MessageContent } from '../mail/content.ts'
import type { HttpReply } from './reply.ts'

/**
 * The HTML of a mail, which may be hostile. The policy's own sandbox holds even when the address is opened outside of
 * the page's sandboxed frame: no scripts, no forms, no requests but for images.
 */
export function htmlView(
  messageId: string,
  { html = '', attachments }: MessageContent,
  { httpUrl, remoteImages }: { readonly httpUrl: string; readonly remoteImages: boolean },
): HttpReply {
  // The page may be open under another name than that of the pixel's address.
  const images = `'self' data: ${remoteImages ? 'http: https:' : `${httpUrl}/o/`}`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; base-uri 'none'; form-action 'none'`,
    },
    body: withLinksInNewTabs(withInlineImages(html, messageId, attachments)),
  }
}

/** Images that a browser draws and does not run. */
const drawable = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

/** One attachment: an image to be drawn inside the HTML, anything else to be saved. */
export function partView({ filename, contentType, content }: MessageAttachment): HttpReply {
  const isDrawable = drawable.has(contentType)
  const name = encodeURIComponent(filename ?? 'attachment').replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return {
    status: 200,
    headers: {
      'content-type': isDrawable ? contentType : 'application/octet-stream',
      'content-disposition': `${isDrawable ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
      'content-security-policy': "sandbox; default-src 'none'",
      // The sandboxed mail has an origin of its own, to which "same-origin" would refuse its images.
      ...(isDrawable && { 'cross-origin-resource-policy': 'cross-origin' }),
    },
    body: content,
  }
}

function withInlineImages(
  html: string,
  messageId: string,
  attachments: readonly MessageAttachment[],
): string {
  return html.replace(/\bcid:([^\s"'<>)]+)/gi, (link, reference: string) => {
    const wanted = decoded(reference)
    const at = attachments.findIndex(({ contentId }) => contentId === wanted)
    return at === -1 ? link : `/emulator/v1/messages/${messageId}/part/${at}`
  })
}

function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference)
  } catch {
    // A stray per cent sign: the reference is meant as it stands.
    return reference
  }
}

/** A link that opened inside the frame would be blocked there. A mail's own `<base>` cannot undo this: the first counts. */
function withLinksInNewTabs(html: string): string {
  const head = /^(?:\s+|<!--(?:(?!-->)[^])*-->|<!doctype[^>]*>|<html[^>]*>|<head[^>]*>)*/i.exec(
    html,
  )
  const at = head?.[0].length ?? 0
  return `${html.slice(0, at)}<base target="_blank">${html.slice(at)}`
}
