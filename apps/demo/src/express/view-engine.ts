import { readFile } from 'node:fs'
import { escapeHtml } from '../shop/escape-html.ts'

/** A view engine for `app.engine()` in a few lines: `{{name}}` becomes the local of that name, escaped. */
export function renderView(
  path: string,
  locals: object,
  done: (error: unknown, html?: string) => void,
): void {
  readFile(path, 'utf8', (error, template) => {
    if (error) return done(error)
    const missing = new Set<string>()
    const html = template.replace(/\{\{(\w+)\}\}/g, (_placeholder, name: string) => {
      const value: unknown = Reflect.get(locals, name)
      if (typeof value === 'string') return escapeHtml(value)
      missing.add(name)
      return ''
    })
    if (missing.size === 0) return done(null, html)
    done(new Error(`The view ${path} needs values for ${[...missing].join(', ')}.`))
  })
}
