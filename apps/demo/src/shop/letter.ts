import { brand, trade } from './brand.ts'
import { escapeHtml } from './escape-html.ts'

/** A letter of the shop in HTML: paragraphs on paper, as a mail program shows them. */
export function letter(heading: string, paragraphs: readonly string[]): string {
  const body = paragraphs
    .map((text) => `<p style="margin:0 0 1em">${escapeHtml(text).replaceAll('\n', '<br>')}</p>`)
    .join('\n        ')
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>${escapeHtml(heading)}</title>
  </head>
  <body style="margin:0;padding:40px 16px;background:#f4f1ea;color:#23211d">
    <div style="max-width:520px;margin:0 auto;padding:48px 44px;background:#fffefb;font:17px/1.6 Palatino,'Palatino Linotype',Georgia,serif">
      <p style="margin:0 0 36px;font-size:15px;letter-spacing:.14em;text-transform:uppercase;color:#2f5a4c">${brand}</p>
      <h1 style="margin:0 0 24px;font-size:27px;line-height:1.25;font-weight:400">${escapeHtml(heading)}</h1>
        ${body}
      <p style="margin:40px 0 0;padding-top:18px;border-top:1px solid #ddd7ca;font-size:14px;color:#6d675d">${brand} · ${trade}</p>
    </div>
  </body>
</html>
`
}
