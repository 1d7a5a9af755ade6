import { ConfigError, type MailgunMessage } from '@mailgun-smtp/core'
import type { ReactNode } from 'react'

/** A message, whose body may be a React element such as one of React Email. */
export interface MailMessage extends MailgunMessage {
  /** Becomes `html`, and `text` unless the message has one. */
  readonly react?: ReactNode | undefined
}

/** Makes HTML of a React element, or HTML and text. */
export type RenderReact = (body: ReactNode) => RenderedBody | Promise<RenderedBody>

/** A body as HTML, or as HTML and text. */
export type RenderedBody = string | { readonly html: string; readonly text?: string | undefined }

/**
 * The message with its React body written out.
 *
 * @throws {ConfigError} if `@react-email/render` is needed and not installed.
 */
export async function withRenderedBody(
  { react, ...message }: MailMessage,
  render: RenderReact = renderByReactEmail,
): Promise<MailgunMessage> {
  if (react === undefined || react === null) return message
  const body = await render(react)
  const { html, text } = typeof body === 'string' ? { html: body, text: undefined } : body
  return { ...message, html, text: message.text ?? text }
}

async function renderByReactEmail(body: ReactNode): Promise<RenderedBody> {
  let reactEmail: typeof import('@react-email/render')
  try {
    // Nothing but an import within try lets Turbopack and webpack build an app that has no such package.
    reactEmail = await import('@react-email/render')
  } catch {
    throw new ConfigError(
      'A message has a React body: install @react-email/render, or pass a render function to createMailAction.',
    )
  }
  const html = await reactEmail.render(body)
  return { html, text: reactEmail.toPlainText(html) }
}
