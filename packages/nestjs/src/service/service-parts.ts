import type { Mailer } from '@mailgun-smtp/core'
import type { TemplateRenderer } from '../templates/templates.ts'

/** What a service is made of. */
export interface ServiceParts {
  readonly mailer: Mailer
  readonly templates: TemplateRenderer | undefined
  /** Connects and logs in within so many milliseconds. */
  readonly verifyWithin: (milliseconds: number) => Promise<true>
}

/** The token of a module's own mailer and of what belongs to it. A module never exports it. */
export const RESOLVED_OPTIONS: unique symbol = Symbol('MailgunModule mailer')
