import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A schema that implements Standard Schema, such as one of Zod, Valibot or ArkType. @see https://standardschema.dev */
export type { StandardSchemaV1 }

/** What a schema takes. */
export type InferInput<Schema extends StandardSchemaV1> = StandardSchemaV1.InferInput<Schema>

/** What a schema gives. */
export type InferOutput<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>

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
