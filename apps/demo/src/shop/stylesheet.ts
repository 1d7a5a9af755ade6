import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Serves the design system at `/shop.css`, its imports in place. */
export function stylesheet() {
  const css = readFileSync('src/shop/shop.css', 'utf8').replace(
    /@import '(.+)';/g,
    (_import, file: string) => readFileSync(`src/shop/${file}`, 'utf8'),
  )
  return (req: IncomingMessage, res: ServerResponse, next: () => void): void => {
    if (req.url !== '/shop.css' || req.method !== 'GET') {
      next()
      return
    }
    res.setHeader('Content-Type', 'text/css; charset=utf-8')
    res.setHeader('Cache-Control', 'no-cache')
    res.end(css)
  }
}
