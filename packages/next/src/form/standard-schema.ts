/** The part of Standard Schema v1 that is used here. Zod, Valibot, ArkType and others implement it. @see https://standardschema.dev */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a validation came to. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One reason why a value does not fit. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema takes. */
export type InferInput<Schema extends StandardSchemaV1> = NonNullable<
  Schema['~standard']['types']
>['input']

/** What a schema gives. */
export type InferOutput<Schema extends StandardSchemaV1> = NonNullable<
  Schema['~standard']['types']
>['output']

/** The names of a schema's fields; of all its members, if it is a union. */
export type FieldOf<Schema extends StandardSchemaV1> = KeyOf<InferInput<Schema>>

type KeyOf<Value> = Value extends unknown ? keyof Value & string : never

/**
 * The names of a schema's fields, as far as it tells: Standard Schema has no word for them, so Zod's `shape`, Valibot's
 * `entries` and Standard JSON Schema are asked.
 */
export function fieldNames(schema: StandardSchemaV1): readonly string[] {
  for (const fields of [Reflect.get(schema, 'shape'), Reflect.get(schema, 'entries')]) {
    if (isRecord(fields)) return Object.keys(fields)
  }
  const { jsonSchema } = schema['~standard'] as { jsonSchema?: unknown }
  if (!isRecord(jsonSchema) || typeof jsonSchema.input !== 'function') return []
  try {
    const described: unknown = Reflect.apply(jsonSchema.input, jsonSchema, [
      { target: 'draft-2020-12' },
    ])
    const properties = isRecord(described) ? described.properties : undefined
    return isRecord(properties) ? Object.keys(properties) : []
  } catch (error) {
    // A schema that JSON Schema cannot describe, such as one with a file, says so by throwing.
    if (error instanceof Error) return []
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
