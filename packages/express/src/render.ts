import type { ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { ConfigError } from '@mailgun-smtp/core'
import { plainTextOf } from './plain-text.ts'

type Render = (
  view: string,
  locals: object,
  done: (error: unknown, rendered?: string) => void,
) => void

/** An Express app, as far as views need it; this package is free of Express's types. */
export interface ViewApp {
  get(setting: string): unknown
  render: Render
}

/** A view as the two bodies of a mail. */
export interface RenderedMail {
  readonly html: string
  readonly text: string
}

/**
 * Renders a view as the bodies of a mail. An app brings its own locals, a response those of the request too. The text
 * is the view of the same name with `.text` before the extension, or what the HTML shows.
 *
 * @throws {ConfigError} if the app has no view engine for the view.
 */
export async function renderMail(
  source: ViewApp | ServerResponse,
  view: string,
  locals: object = {},
): Promise<RenderedMail> {
  const html = await renderHtml(source, view, locals)
  return { html, text: (await renderText(source, view, locals)) ?? plainTextOf(html) }
}

/** @throws {ConfigError} if the app has no view engine for the view. */
export function renderHtml(
  source: ViewApp | ServerResponse,
  view: string,
  locals: object = {},
): Promise<string> {
  const { app, render } = viewsOf(source)
  if (extname(view) === '' && !app.get('view engine')) {
    throw new ConfigError(
      "res.mail.render needs a view engine: call app.set('view engine', …), or name the view with its extension.",
      'ERR_MAILGUN_VIEW_ENGINE',
    )
  }
  return rendered(render, view, locals)
}

/** The view's text version, if there is one. */
async function renderText(
  source: ViewApp | ServerResponse,
  view: string,
  locals: object,
): Promise<string | undefined> {
  const { app, render } = viewsOf(source)
  const extension = extname(view)
  const engine = String(app.get('view engine')).replace(/^\./, '')
  const name = `${view.slice(0, view.length - extension.length)}.text${extension || `.${engine}`}`
  try {
    // A layout is HTML, and the text has none.
    return await rendered(render, name, { ...locals, layout: false })
  } catch (error) {
    // So Express says that the view itself is not there; a view that one includes is another error.
    if (Reflect.get(Object(Reflect.get(Object(error), 'view')), 'name') === name) return undefined
    throw error
  }
}

/** The app at hand, looked up for each mail: within a mounted app, it is that one. */
function viewsOf(source: ViewApp | ServerResponse): {
  readonly app: ViewApp
  readonly render: Render
} {
  const app: unknown = 'app' in source ? source.app : source
  if (!isViewApp(app) || !('render' in source)) {
    throw new ConfigError('res.mail.render needs an Express app: this response has no render().')
  }
  return { app, render: (source as ViewApp).render.bind(source) }
}

function isViewApp(app: unknown): app is ViewApp {
  return typeof app === 'function' && 'get' in app && 'render' in app
}

function rendered(render: Render, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    // Without `layout: false`, engines with layouts wrap the mail in the web page's own.
    const layout: unknown = Reflect.get(Object(locals), 'layout') ?? false
    render(view, { ...locals, layout }, (error, text) => {
      if (error) reject(error)
      else resolve(text ?? '')
    })
  })
}
