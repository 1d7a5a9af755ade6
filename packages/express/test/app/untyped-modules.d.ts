// Engines without types of their own, as the tests use them.
type ViewEngine = (
  path: string,
  locals: object,
  done: (error: unknown, html?: string) => void,
) => void

declare module 'ejs' {
  const ejs: { readonly __express: ViewEngine }
  export default ejs
}
declare module 'pug' {
  const pug: { readonly __express: ViewEngine }
  export default pug
}
declare module 'express-ejs-layouts' {
  import type { RequestHandler } from 'express'
  const layouts: RequestHandler
  export default layouts
}
declare module 'multer' {
  import type { RequestHandler } from 'express'
  export default function multer(): { any(): RequestHandler }
}
