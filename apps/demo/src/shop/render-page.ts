import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

/** A page as the HTML to answer with. */
export function renderPage(page: ReactElement): string {
  return `<!doctype html>${renderToStaticMarkup(page)}`
}
