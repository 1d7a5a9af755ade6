import type { CopyAttachment, CopyContent } from '../mail/content.ts'
import { asPage, sandboxed } from './html-page.ts'
import type { HttpReply } from './reply.ts'

/** Images that a browser draws and does not run. */
const drawable = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

export function isDrawable(contentType: string): boolean {
  return drawable.has(contentType)
}

/**
 * The HTML of a mail, which may be hostile; of a mail without HTML, its text. The policy's own sandbox holds even when
 * the address is opened outside of the page's sandboxed frame: no scripts, no forms, no requests but for images.
 */
export function htmlView(
  { html, text, attachments }: CopyContent,
  { httpUrl, remoteImages }: { readonly httpUrl: string; readonly remoteImages: boolean },
  // The page lies beside its parts, whatever a proxy puts before its address.
  partUrl: (attachment: number) => string = (at) => `part/${at}`,
): HttpReply {
  // The page may be open under another name than that of the pixel's address.
  const images = `'self' data: ${remoteImages ? 'http: https:' : `${httpUrl}/o/`}`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; base-uri 'none'; form-action 'none'`,
    },
    body:
      html === undefined
        ? asPage(text)
        : sandboxed(html, (contentId) => {
            const at = attachments.findIndex((attachment) => attachment.contentId === contentId)
            return at === -1 ? undefined : partUrl(at)
          }),
  }
}

/** One attachment: an image to be drawn inside the HTML, anything else to be saved. */
export function partView({
  filename,
  contentType,
  content,
}: Pick<CopyAttachment, 'filename' | 'contentType' | 'content'>): HttpReply {
  const isImage = isDrawable(contentType)
  return {
    status: 200,
    headers: {
      'content-type': isImage ? contentType : 'application/octet-stream',
      'content-disposition': `${isImage ? 'inline' : 'attachment'}; ${fileName(filename ?? 'attachment')}`,
      'content-security-policy': "sandbox; default-src 'none'",
      // The sandboxed mail has an origin of its own, to which "same-origin" would refuse its images.
      ...(isImage && { 'cross-origin-resource-policy': 'cross-origin' }),
    },
    body: content,
  }
}

/** A whole mail to be saved as a file that mail programs open. */
export function mailFile(subject: string, raw: Buffer): HttpReply {
  const name = subject
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[-.]+|[-.]+$/g, '')
  return {
    status: 200,
    headers: {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; ${fileName(`${name || 'mail'}.eml`)}`,
      'content-security-policy': "sandbox; default-src 'none'",
    },
    body: raw,
  }
}

/** RFC 6266 and RFC 8187. */
function fileName(name: string): string {
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename*=UTF-8''${encoded}`
}
