import type { Derivation, SendingMailer } from '../tenants/tenant-mailer.ts'
import type { TenantMailers } from '../tenants/tenant-mailers.ts'
import type { TemplateRenderer } from '../templates/templates.ts'

/** What a service is made of. */
export interface ServiceParts {
  readonly mailer: SendingMailer
  readonly templates: TemplateRenderer | undefined
  /** The mailers of tenants, if the module was given their configs. */
  readonly tenants: TenantMailers | undefined
  /** The options that `with()` and `withDefaults()` have added, for the mailer of a tenant too. */
  readonly derive?: Derivation
}

/** The token of a module's own mailer and of what belongs to it. A module never exports it. */
export const RESOLVED_OPTIONS: unique symbol = Symbol('MailgunModule mailer')
