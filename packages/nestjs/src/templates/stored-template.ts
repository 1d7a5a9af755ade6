import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InvalidOptionError, type JsonObject, type MailgunOptions } from '@mailgun-smtp/core'

/** A schema of a template's variables: of Zod, Valibot, ArkType or another library of Standard Schema. @see https://standardschema.dev */
export type VariablesSchema<Input = unknown, Output = unknown> = StandardSchemaV1<Input, Output>

/** The options that name a stored template, with its variables. */
export type StoredTemplateOptions = Pick<
  MailgunOptions,
  'templateName' | 'templateVersion' | 'templateVariables'
>

/** Which version of a stored template is used. */
export interface StoredTemplateSettings {
  /** The version's tag. Default: the active version. */
  readonly version?: string | undefined
}

/**
 * A template that is stored at Mailgun, as a function of its variables: its result is a part of the options, of a
 * message or of `@MailgunOptions()`.
 *
 * The function throws an {@link InvalidOptionError} for variables that the schema refuses. It names the place, and no value.
 */
export function storedTemplate<Input, Output extends JsonObject>(
  name: string,
  schema: VariablesSchema<Input, Output>,
  { version }: StoredTemplateSettings = {},
): (variables: Input) => StoredTemplateOptions {
  return (variables) => ({
    templateName: name,
    ...(version !== undefined && { templateVersion: version }),
    templateVariables: validated(schema, variables),
  })
}

function validated<Output>(schema: VariablesSchema<unknown, Output>, variables: unknown): Output {
  const validation = schema['~standard'].validate(variables)
  if (validation instanceof Promise) {
    validation.catch(() => undefined)
    throw new TypeError(
      'The schema of a stored template must validate synchronously, not with a promise.',
    )
  }
  if (!validation.issues) return validation.value
  // A schema's own words may repeat the value.
  throw new InvalidOptionError(
    ['templateVariables', ...(validation.issues[0]?.path ?? []).map(nameOf)].join('.'),
    'is refused by the schema of the template',
  )
}

/** A key of a record may be anything, an address too. */
function nameOf(segment: PropertyKey | { readonly key: PropertyKey }): string {
  const key = String(typeof segment === 'object' ? segment.key : segment)
  return /^\w{1,40}$/.test(key) ? key : '…'
}
