import type { ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { ConfigError } from '@mailgun-smtp/core'

/** What Express adds to a response; node's own types keep this package free of Express's. */
interface ViewResponse extends ServerResponse {
  readonly app: { get(setting: string): unknown }
  render(view: string, locals: object, done: (error: unknown, html: string) => void): void
}

function rendersViews(res: ServerResponse): res is ViewResponse {
  return 'app' in res && 'render' in res
}

/**
 * Renders a view with the engine of the app that serves the request, a mounted one included.
 *
 * @throws {ConfigError} if there is no view engine to render it.
 */
export async function renderView(
  res: ServerResponse,
  view: string,
  locals: object,
): Promise<string> {
  if (!rendersViews(res)) {
    throw new ConfigError('res.mail.render needs an Express app: this response has no render().')
  }
  if (extname(view) === '' && !res.app.get('view engine')) {
    throw new ConfigError(
      "res.mail.render needs a view engine: call app.set('view engine', …), or name the view with its extension.",
    )
  }
  return await new Promise((resolve, reject) => {
    // Without `layout: false`, engines with layouts wrap the mail in the web page's own.
    res.render(view, { layout: false, ...locals }, (error, html) => {
      if (error) reject(error)
      else resolve(html)
    })
  })
}
