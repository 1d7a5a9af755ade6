import { InvalidOptionError, type ComposedMessage, type MailgunMessage } from '@mailgun-smtp/core'

/** What a template became: HTML, or the parts of a message. The message's own subject and text override the template's. */
export type RenderedTemplate =
  | string
  | {
      readonly subject?: string | undefined
      readonly html?: string | undefined
      readonly text?: string | undefined
    }

/** Renders a template of the application: the one thing the module asks of a template engine. */
export type TemplateRenderer = (
  template: string,
  context: Readonly<Record<string, unknown>>,
) => RenderedTemplate | Promise<RenderedTemplate>

/** Templates of any name, with any context. */
export type AnyTemplates = Readonly<Record<string, object>>

/** A message without a template. */
export type PlainMessage = MailgunMessage & {
  readonly template?: undefined
  readonly context?: undefined
}

/** A message whose HTML is a template of the application; `Templates` maps the name of each to its context. */
export type TemplateMessage<Templates extends object = AnyTemplates> =
  // `app.get(MailgunService)` is one of `object`, as TypeScript forgets the default of a class it gets as a value.
  MessageOf<[keyof Templates] extends [never] ? AnyTemplates : Templates>

type MessageOf<Templates> = {
  [Name in keyof Templates & string]: MailgunMessage & {
    readonly template: Name
    readonly html?: undefined
  } & ContextOf<Templates[Name]>
}[keyof Templates & string]

type ContextOf<Context> = object extends Context
  ? { readonly context?: Context | undefined }
  : { readonly context: Context }

/** Whether the message names a template. From JavaScript it may name a context alone. */
export function isTemplated<Templates extends object>(
  message: PlainMessage | ComposedMessage | TemplateMessage<Templates>,
): message is TemplateMessage<Templates> {
  return isGiven(message, 'template') || isGiven(message, 'context')
}

/**
 * The message with what its template became.
 *
 * @throws {InvalidOptionError} naming the field, if there is nothing to render it with or to.
 */
export async function renderMessage(
  message: MailgunMessage & { readonly template: unknown; readonly context?: unknown },
  renderer: TemplateRenderer | undefined,
): Promise<MailgunMessage> {
  const { template, context = {}, html, ...fields } = message
  if (typeof template !== 'string' || template === '') {
    throw invalid('template', 'must be the name of a template')
  }
  if (html !== undefined && html !== null)
    throw invalid('html', 'excludes template, which renders it')
  if (typeof context !== 'object' || context === null) throw invalid('context', 'must be an object')
  if (!renderer) {
    throw invalid('template', 'needs a renderer: MailgunModule.forRoot({ templates })')
  }
  const rendered = parts(await renderer(template, context as Record<string, unknown>))
  const own = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { ...rendered, ...Object.fromEntries(own) }
}

const partNames = ['subject', 'html', 'text'] as const

function parts(rendered: unknown): MailgunMessage {
  const given: unknown = typeof rendered === 'string' ? { html: rendered } : rendered
  const found = partNames
    .map((name) => [name, Reflect.get(Object(given), name) as unknown] as const)
    .filter(([, value]) => value !== undefined)
  if (found.length === 0 || found.some(([, value]) => typeof value !== 'string')) {
    throw invalid('template', 'must render to HTML, or to { subject, html, text }')
  }
  return Object.fromEntries(found)
}

function isGiven(message: object, field: string): boolean {
  const value: unknown = Reflect.get(Object(message), field)
  return value !== undefined && value !== null
}

function invalid(path: string, rule: string): InvalidOptionError {
  return new InvalidOptionError(path, rule, 'ERR_MAILGUN_INVALID_MESSAGE')
}
