import { InvalidOptionError, type JsonObject, type MailgunOptions } from '@mailgun-smtp/core'

/** The part of Standard Schema v1 that is used here. Zod, Valibot, ArkType and others implement it. @see https://standardschema.dev */
export interface VariablesSchema<Input = unknown, Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Validation<Output> | Promise<Validation<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type Validation<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

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
