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

/** The names of the fields of which a schema takes a list. */
export type ListFieldOf<Schema extends StandardSchemaV1> = ListKeyOf<InferInput<Schema>>

type ListKeyOf<Value> = Value extends unknown
  ? { [Key in KeyOf<Value>]-?: TakesList<Value[Key]> extends true ? Key : never }[KeyOf<Value>]
  : never

type TakesList<Value> = unknown extends Value
  ? true
  : [Extract<Value, readonly unknown[]>] extends [never]
    ? false
    : true

/**
 * The names of a schema's fields, as far as it tells: Standard Schema has no word for them, so Zod's `shape`, Valibot's
 * `entries` and Standard JSON Schema are asked.
 */
export function fieldNames(schema: StandardSchemaV1): readonly string[] {
  return Object.keys(membersOf(schema) ?? propertiesOf(schema))
}

/** The names of the fields of which a schema takes a list, as far as it tells. */
export function listNames(schema: StandardSchemaV1): readonly string[] {
  const members = membersOf(schema)
  const entries = members
    ? Object.entries(members).map(([name, member]) => [name, takesList(member)] as const)
    : Object.entries(propertiesOf(schema)).map(([name, property]) => [name, isArrayType(property)])
  return entries.flatMap(([name, isList]) => (isList ? [String(name)] : []))
}

/** The schemas of an object's fields: Zod keeps them as `shape`, Valibot as `entries`. */
function membersOf(schema: StandardSchemaV1): Record<string, unknown> | undefined {
  return [Reflect.get(schema, 'shape'), Reflect.get(schema, 'entries')].find(isRecord)
}

/** The properties of an object by its JSON Schema. */
function propertiesOf(schema: StandardSchemaV1): Record<string, unknown> {
  const { properties } = jsonSchemaOf(schema)
  return isRecord(properties) ? properties : {}
}

function takesList(member: unknown): boolean {
  if (!isRecord(member)) return false
  // Valibot's optional(…), nullable(…) and their like hold the schema that they wrap.
  if (isRecord(member.wrapped)) return takesList(member.wrapped)
  return isArrayType(member) || isArrayType(jsonSchemaOf(member))
}

function isArrayType(described: unknown): boolean {
  return isRecord(described) && described.type === 'array'
}

/** What a schema takes, as a JSON Schema; empty if it does not tell. @see https://standardschema.dev/json-schema */
function jsonSchemaOf(schema: object): Record<string, unknown> {
  const standard: unknown = Reflect.get(schema, '~standard')
  const jsonSchema = isRecord(standard) ? standard.jsonSchema : undefined
  if (!isRecord(jsonSchema) || typeof jsonSchema.input !== 'function') return {}
  try {
    const described: unknown = Reflect.apply(jsonSchema.input, jsonSchema, [
      { target: 'draft-2020-12' },
    ])
    return isRecord(described) ? described : {}
  } catch (error) {
    // A schema that JSON Schema cannot describe, such as one with a file, says so by throwing.
    if (error instanceof Error) return {}
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
